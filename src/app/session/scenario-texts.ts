/** Every lesson, by path: fetched when one is opened, or the list of them. */
export const scenarioTexts = import.meta.glob<string>('../../../scenarios/*/scenario.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})
