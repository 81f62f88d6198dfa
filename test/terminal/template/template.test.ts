import { describe, expect, test } from 'vitest'
import { executeTemplate } from '../../../src/terminal/template'

const data = {
  name: 'web',
  replicas: 3,
  big: 1_048_576,
  ready: true,
  none: null,
  labels: { b: '2', a: '1' },
  empty: [],
  list: ['x', 'y', 'z'],
  pods: [{ name: 'a', ip: '10.0.0.1' }, { name: 'b' }],
}

const ran = (template: string, options = {}) => {
  const { text, error } = executeTemplate(template, data, { name: 'output', ...options })
  return error === undefined ? text : `${text}!${error}`
}

describe('what text/template prints', () => {
  test.each<[string, string]>([
    ['{{.name}} {{.replicas}} {{.ready}} {{.missing}} {{.none}}', 'web 3 true <no value> <no value>'],
    // a float64, as Go prints it
    ['{{.big}} {{printf "%.0f" .big}}', '1.048576e+06 1048576'],
    ['{{.labels}} {{.list}}', 'map[a:1 b:2] [x y z]'],
    ['{{range .list}}{{.}},{{end}}', 'x,y,z,'],
    ['{{range $i, $e := .list}}{{$i}}={{$e}} {{end}}', '0=x 1=y 2=z '],
    ['{{range $k, $v := .labels}}{{$k}}:{{$v}};{{end}}', 'a:1;b:2;'],
    ['{{range .empty}}no{{else}}nothing{{end}}', 'nothing'],
    ['{{range .list}}{{if eq . "y"}}{{continue}}{{end}}{{.}}{{end}}', 'xz'],
    ['{{range .list}}{{if eq . "y"}}{{break}}{{end}}{{.}}{{end}}', 'x'],
    ['{{range 3}}{{.}}{{end}}', '012'],
    ['{{range .pods}}{{.name}}@{{or .ip "none"}} {{$.name}} {{end}}', 'a@10.0.0.1 web b@none web '],
    ['{{if .empty}}a{{else if .missing}}b{{else}}c{{end}}', 'c'],
    ['{{with .labels}}{{.a}}{{else}}-{{end}}{{with .missing}}x{{else with .name}}{{.}}{{end}}', '1web'],
    ['{{$x := 1}}{{range .list}}{{$x = 5}}{{end}}{{$x}}', '5'],
    ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
    ['a  {{- " b " -}}  c', 'a b c'],
    ['a {{/* said */}} b {{- /* x */ -}} c', 'a  bc'],
    ['{{define "row"}}<{{.}}>{{end}}{{range .list}}{{template "row" .}}{{end}}', '<x><y><z>'],
    ['{{block "b" .name}}[{{.}}]{{end}}', '[web]'],
    ['{{(index .pods 1).name}} {{index .labels "a"}} {{index .list 2}} {{index .labels "c"}}', 'b 1 z <no value>'],
    ['{{len .list}} {{len .name}} {{slice .name 1 2}} {{slice .list 1}}', '3 3 e [y z]'],
    ['{{print 1 2 "a" "b" 3}}|{{println "a" 1}}', '1 2a b3|a 1\n'.replace('a b', 'ab')],
    ['{{.name | printf "%-6s|%q" | printf "%s"}}', 'web   |%!q(MISSING)'],
    ['{{printf "%5d|%-5d|%05d|%x|%+d" 42 42 42 255 7}}', '   42|42   |00042|ff|+7'],
    ['{{printf "%q %v %t %5.1f %s" "a" .labels true 2.25 .list}}', '"a" map[a:1 b:2] true   2.2 [x y z]'],
    [
      '{{printf "%d %d" 1}} {{printf "%d" "x"}} {{printf "a" 1}} {{printf "%d" .replicas}}',
      '1 %!d(MISSING) %!d(string=x) a%!(EXTRA int=1) %!d(float64=3)',
    ],
    ['{{and 1 0 2}} {{or 0 "" "x"}} {{not 0}} {{and true .name}}', '0 x true web'],
    [
      '{{eq .name "a" "web"}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt "b" "a"}} {{ge 1 2}}',
      'true true true true true false',
    ],
    [
      '{{html "<a href=\'x\'>&"}} {{js "it\'s <b>"}} {{urlquery "a b&c/d"}}',
      "&lt;a href=&#39;x&#39;&gt;&amp; it\\'s \\u003Cb\\u003E a+b%26c%2Fd",
    ],
    ['{{\'a\'}} {{0x10}} {{1.5}} {{-3}} {{`raw\\n`}} {{"tab\\tend"}}', '97 16 1.5 -3 raw\\n tab\tend'],
    ['{{if and (gt (len .list) 2) (not .empty)}}yes{{end}}', 'yes'],
  ])('%s', (template, text) => expect(ran(template)).toBe(text))
})

describe('what it says is wrong', () => {
  test.each<[string, string]>([
    ['{{.name', 'template: output:1: unclosed action'],
    ['{{.my-key}}', "template: output:1: bad character U+002D '-'"],
    ['{{foo .name}}', 'template: output:1: function "foo" not defined'],
    ['{{$x}}', 'template: output:1: undefined variable "$x"'],
    ['{{range .list}}', 'template: output:1: unexpected EOF'],
    ['a\n{{end}}', 'template: output:2: unexpected {{end}}'],
    ['{{if}}x{{end}}', 'template: output:1: missing value for if'],
    ['{{}}', 'template: output:1: missing value for command'],
    ['{{"a}}', 'template: output:1: unterminated quoted string'],
    ['{{(1}}', 'template: output:1: unclosed left paren'],
    ['{{1 | 2}}', 'template: output:1: non executable command in pipeline stage 2'],
    ['{{.name@}}', "template: output:1: bad character U+0040 '@'"],
    ['{{break}}', 'template: output:1: {{break}} outside {{range}}'],
    ['{{1.}}{{3x}}', 'template: output:1: bad number syntax: "3x"'],
    [
      '{{.name.first}}',
      'template: output:1:7: executing "output" at <.name.first>: can\'t evaluate field first in type interface {}',
    ],
    ['{{.none.a}}', 'template: output:1:7: executing "output" at <.none.a>: nil pointer evaluating interface {}.a'],
    [
      'x {{index .list 3}}',
      'template: output:1:4: executing "output" at <index .list 3>: error calling index: reflect: slice index out of range',
    ],
    [
      '{{index .list 9}}',
      'template: output:1:2: executing "output" at <index .list 9>: error calling index: index out of range: 9',
    ],
    [
      '{{if eq .replicas 3}}{{end}}',
      'template: output:1:5: executing "output" at <eq .replicas 3>: error calling eq: incompatible types for comparison',
    ],
    [
      '{{lt .labels 1}}',
      'template: output:1:2: executing "output" at <lt .labels 1>: error calling lt: invalid type for comparison',
    ],
    [
      '{{len .replicas}}',
      'template: output:1:2: executing "output" at <len .replicas>: error calling len: len of type float64',
    ],
    [
      '{{range .replicas}}{{end}}',
      'template: output:1:8: executing "output" at <.replicas>: range can\'t iterate over 3',
    ],
    [
      '{{template "x" .}}',
      'template: output:1:11: executing "output" at <{{template "x" .}}>: template "x" not defined',
    ],
    ['{{nil}}', 'template: output:1:2: executing "output" at <nil>: nil is not a command'],
    ['{{.name 1}}', 'template: output:1:2: executing "output" at <.name>: name is not a method but has arguments'],
    ['{{not 1 2}}', 'template: output:1:2: executing "output" at <not>: wrong number of args for not: want 1 got 2'],
    [
      '{{define "x"}}{{.a.b}}{{end}}\n{{template "x" .name}}',
      'template: output:1:18: executing "x" at <.a.b>: can\'t evaluate field a in type interface {}',
    ],
  ])('%s', (template, error) => expect(ran(template).replace(/^[^!]*!/, '')).toBe(error))

  test('a missing field, where that is an error', () => {
    expect(ran('a{{.missing}}', { missingIsError: true })).toBe(
      'a!template: output:1:3: executing "output" at <.missing>: map has no entry for key "missing"',
    )
  })
})

test('functions in the data are methods', () => {
  const methods = { label: (key: unknown) => `<${key}>`, id: () => 'abc' }
  const { text } = executeTemplate('{{.id}} {{.label "app"}} {{"x" | .label}}', methods, { name: '' })
  expect(text).toBe('abc <app> <x>')
})

test('what would never end is ended', () => {
  expect(ran('{{define "x"}}{{template "x"}}{{end}}{{template "x"}}')).toContain('exceeded maximum template depth')
  expect(ran('{{range 500000}}{{range 500000}}{{end}}{{end}}')).toContain('more than 500000 steps')
  expect(ran(`{{range 20000}}${'x'.repeat(100)}{{end}}`)).toContain('more than 1000000 characters')
  expect(ran(`{{${'('.repeat(5000)}1${')'.repeat(5000)}}}`)).toContain('max expression depth exceeded')
})
