import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { Markdown, safeAddress } from '../../src/app/lesson-panel/markdown'

const html = (text: string) =>
  renderToStaticMarkup(<Markdown text={text} command={(line) => <button type="button">{line}</button>} />)

describe('lesson text', () => {
  test.each([
    ['emphasis', 'a *b* **c** `d`', '<p>a <em>b</em> <strong>c</strong> <code>d</code></p>'],
    ['entities once', '`a && b` < c', '<p><code>a &amp;&amp; b</code> &lt; c</p>'],
    ['a list', '- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    [
      'commands to run, one a line',
      '```run\nls\npwd\n```',
      '<button type="button">ls</button><button type="button">pwd</button>',
    ],
    ['other code', '```yaml\na: 1\n```', '<pre><code>a: 1</code></pre>'],
    ['a link', '[x](https://kubernetes.io)', '<p><a href="https://kubernetes.io">x</a></p>'],
  ])('%s', (_, text, expected) => {
    expect(html(text)).toBe(expected)
  })

  test.each([
    ['raw HTML is text', '<img src=x onerror=alert(1)>', /<img/],
    ['inline HTML is text', 'a <b onclick="x()">b</b>', /<b /],
    ['a script is text', '<script>alert(1)</script>', /<script/],
    ['no addresses that run', '[x](javascript:alert(1))', /href/],
    ['nor in disguise', '[x](JaVaScRiPt:alert(1))', /href/],
    ['nor data', '[x](data:text/html,hi)', /href/],
  ])('%s', (_, text, never) => {
    expect(html(text)).not.toMatch(never)
  })

  test.each([
    ['https://a.b', true],
    ['#moment', true],
    ['?lab=docker', true],
    ['./a', true],
    ['javascript:x', false],
    ['vbscript:x', false],
    ['data:x', false],
  ])('%s may be linked to: %s', (address, safe) => {
    expect(safeAddress(address)).toBe(safe)
  })
})
