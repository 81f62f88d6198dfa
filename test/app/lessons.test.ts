import { expect, test } from 'vitest'
import { fetchLessons, lessons } from '../../src/app/session/lessons'
import { projectLibrary } from '../../src/headless/library'

test('the page has every scenario and every file that the command line has', async () => {
  await fetchLessons()
  const [page, disk] = [lessons(), projectLibrary()]
  expect(page.scenarios.map(({ id }) => id)).toEqual(disk.scenarios.map(({ id }) => id))
  const folders = [...new Set(disk.scenarios.flatMap(({ files }) => files))]
  expect(page.files(folders)).toEqual(disk.files(folders))
  expect(Object.keys(page.files(folders)).filter((path) => path.endsWith('/Dockerfile')).length).toBeGreaterThan(5)
})
