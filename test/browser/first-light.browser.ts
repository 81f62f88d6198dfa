import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { visit, withBrowser } from './visit'

withBrowser()

const APPLIED = 'kubectl apply -f voting\nkubectl wait --for=condition=Available deployment --all --timeout=180s'

describe('a real application, and a machine that goes dark', () => {
  test('the power is cut, the replacements say why, the past is visited, another future begins', async () => {
    const { page, complaints } = await visit({ path: '?scenario=e7-a-node-fails' })
    const run = (line: string) => page.evaluate((text) => window.drydock.run(text), line)
    expect(await run(APPLIED)).toContain('deployment.apps/vote condition met')
    const before = await page.evaluate(() => window.drydock.at())
    // idle time is taken back before a run: ten seconds keep the fault after the moment noted above
    await run('sleep 10\nsim fault machine-crash worker-2\nsleep 65')
    expect(await run('kubectl get nodes')).toMatch(/worker-2 +NotReady/)
    await page.getByText('worker-2 without power').first().waitFor()
    await run('sleep 340')
    const names = (await run('kubectl get pods -l app=vote --sort-by=.metadata.creationTimestamp -o name'))
      .trim()
      .split('\n')
    const replacement = names.at(-1)!.replace('pod/', '')
    // choose the replacement in the picture and read its Why
    await page.locator(`[data-key="kubernetes/Pod/default/${replacement}"]`).first().click()
    const inspector = page.getByRole('region', { name: 'Inspector' })
    await inspector.getByRole('tab', { name: 'Why', exact: true }).click()
    await expect.poll(() => inspector.innerText()).toContain('cut the power of worker-2')
    expect(await inspector.innerText()).toContain('taint-eviction-controller')
    // back to before the fault: the slider shows worker-2 alive
    await page.getByRole('slider', { name: 'Time', exact: true }).fill(String(Math.floor(before)))
    await expect.poll(() => page.evaluate(() => window.drydock.at())).toBeLessThanOrEqual(before)
    // another deed there is another future
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type('kubectl scale deployment vote --replicas=5')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('list', { name: 'Branches' }).getByRole('listitem').count()).toBe(2)
    expect(await run('sleep 30\nkubectl get nodes')).toMatch(/worker-2 +Ready/)
    expect(await run('kubectl get deployment vote --no-headers')).toMatch(/^vote +5\/5/)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('the same lab and lines have the same digest as in Node', async () => {
    const lines =
      'kubectl create deployment web --image=nginx --replicas=4\nkubectl rollout status deployment/web\nsim fault machine-crash worker-1\nsleep 70\nkubectl get pods -o wide'
    const { page } = await visit({ path: '?lab=kubernetes&seed=5' })
    await page.waitForTimeout(700)
    const inPage: string[] = []
    let printed = ''
    for (const line of lines.split('\n')) printed += await page.evaluate((text) => window.drydock.run(text), line)
    inPage.push(await page.evaluate(() => window.drydock.digest()))
    const node = spawnSync(
      'npm',
      ['run', '--silent', 'drydock', '--', 'exec', '--lab', 'kubernetes', '--seed', '5', '--digest', '-'],
      { input: `${lines}\n`, encoding: 'utf8' },
    )
    expect(`${printed}digest ${inPage[0]}\n`).toBe(node.stdout)
    await page.close()
  })

  test('200 pods start at ten times the speed without a long task', async () => {
    // the best of three: other work on the machine makes tasks longer too
    let longest = Number.POSITIVE_INFINITY
    for (let i = 0; i < 3 && longest > LONGEST_TASK; i++) longest = Math.min(longest, await longestTask())
    expect(longest).toBeLessThanOrEqual(LONGEST_TASK)
  })
})

/** The platform reports tasks from 50 ms on; a machine that draws in software is allowed a little more. */
const LONGEST_TASK = 60

async function longestTask(): Promise<number> {
  const { page } = await visit({ path: '?lab=kubernetes:8' })
  await page.waitForTimeout(1500)
  await page.getByLabel('Speed').selectOption('10')
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(window, { longTasks: tasks })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration)
    }).observe({ entryTypes: ['longtask'] })
  })
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('kubectl create deployment web --image=nginx --replicas=200')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(6000)
  const tasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks)
  expect(await page.evaluate(() => window.drydock.run('kubectl get deployment web --no-headers'))).toMatch(/200\/200/)
  await page.close()
  return Math.max(0, ...tasks)
}
