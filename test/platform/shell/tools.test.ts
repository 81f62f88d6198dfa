import { describe, expect, test } from 'vitest'
import { sh } from './harness'

const files = {
  '/home/a.txt': 'one 1\ntwo 22\nthree 3\n',
  '/home/pods.json': '{"items":[{"name":"b","n":2},{"name":"a","n":1,"ok":true}]}',
}

describe('the tools print what the real ones print', () => {
  test.each<[script: string, out: string]>([
    ['ls', 'a.txt\npods.json\n'],
    ['mkdir -p x/y && touch x/y/z && ls -R x', 'x:\ny\n\nx/y:\nz\n'],
    ['cp a.txt b.txt; mv b.txt c.txt; rm a.txt; ls', 'c.txt\npods.json\n'],
    ['grep t a.txt', 'two 22\nthree 3\n'],
    [
      'grep -c t a.txt; grep -v t a.txt; grep -n two a.txt; grep -q zzz a.txt || echo none',
      '2\none 1\n2:two 22\nnone\n',
    ],
    ["grep -oE '[0-9]+' a.txt", '1\n22\n3\n'],
    ["sed 's/o/0/g; 2d' a.txt", '0ne 1\nthree 3\n'],
    ["sed -n '2,3p' a.txt", 'two 22\nthree 3\n'],
    ["echo 'a $X b$' | sed 's/$X/y/; s/b.$/c/'", 'a y c\n'],
    ["echo a/b | sed 's#/#-#'; echo 'x=1' | sed -E 's/(.)=(.)/\\2=\\1/'", 'a-b\n1=x\n'],
    ["awk '{print $2, NR}' a.txt", '1 1\n22 2\n3 3\n'],
    ["awk '/t/ {n++; s+=$2} END {print n, s}' a.txt", '2 25\n'],
    ['awk -F: \'BEGIN{OFS="-"} {print $1,$2}\' <<< a:b:c', 'a-b\n'],
    ["awk '{c[$1]++} END {for (k in c) print k, c[k]}' <<< $'x\\ny\\nx'", 'x 2\ny 1\n'],
    ['awk \'NR>1 && $2>5 {printf "%-6s|%d\\n", $1, $2}\' a.txt', 'two   |22\n'],
    ['cut -d" " -f1 a.txt | tr a-z A-Z', 'ONE\nTWO\nTHREE\n'],
    ['sort -k2 -n -r a.txt | head -n 1', 'two 22\n'],
    ["printf 'b\\na\\nb\\n' | sort | uniq -c", '      1 a\n      2 b\n'],
    ['wc -l a.txt; wc -l < a.txt', '3 a.txt\n3\n'],
    ['tail -n 1 a.txt; tail -n +3 a.txt; head -2 a.txt', 'three 3\nthree 3\none 1\ntwo 22\n'],
    ['seq 3; seq -s, 2 2 6', '1\n2\n3\n2,4,6\n'],
    ['echo hi | base64; echo aGkK | base64 -d', 'aGkK\nhi\n'],
    ["printf 'a\\nb\\n' | xargs -I{} echo '<{}>'; echo 1 2 3 | xargs -n 2 echo", '<a>\n<b>\n1 2\n3\n'],
    ["jq -r '.items[].name' pods.json", 'b\na\n'],
    ["jq -c '.items | map(select(.n > 1)) | length, .[0]' pods.json", '1\n{"name":"b","n":2}\n'],
    ['jq -r \'.items | sort_by(.name) | .[] | "\\(.name)=\\(.n)"\' pods.json', 'a=1\nb=2\n'],
    ['date -d @0 +%F; date +%Y', '1970-01-01\n2025\n'],
    ['FOO=1 env | grep FOO; env A=2 sh -c "" 2>/dev/null; printenv HOME', 'FOO=1\n/home\n'],
    ['basename /a/b.txt .txt; dirname /a/b.txt; hostname; whoami', 'b\n/a\nhere\nroot\n'],
    ['echo x | tee f > /dev/null; cat f', 'x\n'],
    ['touch s.sh; chmod +x s.sh; echo "echo run \\$1" > s.sh; ./s.sh it', 'run it\n'],
    ['nosuch 2>/dev/null || for i in 1 2; do echo $i; sleep 1; done | head -1', '1\n'],
  ])('%s', (script, out) => {
    expect(sh(script, { files }).out).toBe(out)
  })
})

test.each<[script: string, err: string, code: number]>([
  ['ls nothing', "ls: cannot access 'nothing': No such file or directory\n", 2],
  ['rm nothing', "rm: cannot remove 'nothing': No such file or directory\n", 1],
  ['cat nothing', 'cat: nothing: No such file or directory\n', 1],
  ['mkdir a/b', "mkdir: cannot create directory 'a/b': No such file or directory\n", 1],
  ["jq '.a.b' <<< '[1]'", 'jq: error (at <stdin>:1): Cannot index array with "a"\n', 5],
  ['sleep x', "sleep: invalid time interval 'x'\nTry 'sleep --help' for more information.\n", 1],
])('%s', (script, err, code) => {
  expect(sh(script)).toMatchObject({ err, code })
})
