import { expect, test } from 'vitest'
import { projectLibrary } from '../../src/headless/library'
import { judge } from '../../src/lesson'
import { namedLab } from '../../src/terminal/lab/lab'
import { Session } from '../../src/terminal/session'

const library = projectLibrary()

/** What each step's checks say after the solutions of the steps before it and these lines. */
function after(id: string, step: number, lines: string): readonly string[] {
  const scenario = library.scenarios.find((one) => one.id.startsWith(`${id}-`))!
  const lab = namedLab(scenario.lab)
  if ('problem' in lab) throw new Error(lab.problem)
  const session = new Session({ lab, seed: scenario.seed, files: library.files(scenario.files) })
  for (const { solution } of scenario.steps.slice(0, step - 1)) session.run(solution)
  session.run(lines)
  session.advance(session.now)
  const world = session.worldAt(session.revision)
  return scenario.steps[step - 1]!.checks.map((check) => judge(check, world)).flatMap(({ ok, detail }) =>
    ok ? [] : [detail],
  )
}

const cases: readonly (readonly [name: string, id: string, step: number, lines: string, still: readonly string[]])[] = [
  [
    'the till runs without an image',
    'a1',
    3,
    'ssh docker-2 docker run --name bill-there alpine echo "Total: 19 EUR"',
    ['you/till:1 was never pushed', 'it has printed: Total: 19 EUR'],
  ],
  [
    'a folder is copied, and jq is put into a container instead of the image',
    'b1',
    3,
    'docker build -q -t bakery:3 bakery\ndocker run --name kitchen bakery:3 apk add jq busybox-extras',
    ['there is no /usr/bin/jq in bakery:3', 'there is no /usr/bin/httpd in bakery:3'],
  ],
  [
    'the variable stays in brackets',
    'b4',
    3,
    'docker build -q -t greet:who -f greet/Dockerfile.who greet\ndocker run --name five greet:who\ndocker run --name six -e WHO=class greet:who',
    ['it has printed: hello $WHO'],
  ],
  [
    'COPY is not ADD',
    'b4',
    4,
    'mkdir parcel; echo x > parcel/letter.txt; tar -czf greet/parcel.tar.gz parcel; sed -i s/ADD/COPY/ greet/Dockerfile.parcel\ndocker build -q -t greet:parcel -f greet/Dockerfile.parcel greet',
    ['there is no /added/parcel/letter.txt in greet:parcel'],
  ],
  [
    'the second soup is the first',
    'b5',
    3,
    'docker tag you/soup:1 you/soup:2; docker push you/soup:2; ssh docker-2 docker pull you/soup:2',
    ['you/soup:2 is the same image as you/soup:1'],
  ],
  [
    'latest is only moved here',
    'b5',
    4,
    'docker tag you/soup:2 you/soup:latest',
    ['you/soup:latest was never pushed', 'there is no image you/soup:latest on docker-2'],
  ],
]

test.each(cases)('what still differs is told: %s', (_, id, step, lines, still) => {
  expect(after(id, step, lines)).toEqual(still)
})
