import { describe, expect, test } from 'vitest'
import { sh } from './harness'

describe('what a script prints', () => {
  test.each<[name: string, script: string, out: string]>([
    ['words and quotes', `a='x  y'; echo $a "$a" '$a' \\$a a"b"c`, 'x y x  y $a $a abc\n'],
    ['builtins that are programs too', '/bin/echo a; /usr/bin/printf "%s\\n" b; /bin/true && echo c', 'a\nb\nc\n'],
    ['defaults', 'echo ${A:-d} ${A-e}; A=; echo "${A:-f}" "[${A-g}]"; echo ${A:=h}$A', 'd e\nf []\nhh\n'],
    [
      'trimming',
      'p=/a/b/c.tar.gz; echo ${p##*/} ${p#*/} ${p%.*} ${p%%.*} ${#p} ${p/a/x} ${p//\\//-}',
      'c.tar.gz a/b/c.tar.gz /a/b/c.tar /a/b/c 13 /x/b/c.tar.gz -a-b-c.tar.gz\n',
    ],
    ['substring and case', 's=abcdef; echo ${s:2} ${s:1:3} ${s: -2} ${s^^}', 'cdef bcd ef ABCDEF\n'],
    [
      'arithmetic',
      'i=3; echo $((i*2+1)) $(( (i+1)**2 )) $((i++)) $i $((7/2)) $((-7%3)) $((i>3?10:20)) $((0x1f)) $((1<<4))',
      '7 16 3 4 3 -1 10 31 16\n',
    ],
    ['command substitution', 'echo "[$(echo a; echo b)]" `echo c` $(echo $(echo deep))', '[a\nb] c deep\n'],
    [
      'a shell in the shell knows only what is exported, and keeps to itself',
      `export A=1; B=2; sh -c 'echo "$0 $1 $# [$A$B]"; B=3; cd /; exit 7' me one; echo "$? $B"; X=5 sh -c 'echo $X'`,
      'me one 1 [1]\n7 2\n5\n',
    ],
    [
      'a script in a file and on the input',
      `echo 'echo "$1 from a file"' > s.sh; sh s.sh x; echo 'echo piped' | sh`,
      'x from a file\npiped\n',
    ],
    ['a shell that is asked to stop at errors', `sh -e -c 'false; echo no'; echo $?`, '1\n'],
    ['substitution with a side effect runs once', 'n=0; echo $((n=n+1)) $(echo x) $n', '1 x 1\n'],
    ['braces and globs', 'touch() { :; }; echo {a,b}{1..3} *.yaml', 'a1 a2 a3 b1 b2 b3 one.yaml two.yaml\n'],
    ['no match stays', 'echo *.none', '*.none\n'],
    ['positional', 'f() { echo "$#:$1:$2:$*"; shift; echo "$@"; }; f a "b c" d', '3:a:b c:a b c d\nb c d\n'],
    ['"$@" keeps words', 'f() { for x in "$@"; do echo "<$x>"; done; }; f a "b c" ""', '<a>\n<b c>\n<>\n'],
    ['if elif else', 'if false; then echo 1; elif [ 3 -gt 2 ]; then echo 2; else echo 3; fi', '2\n'],
    [
      'while, break, continue',
      'i=0; while true; do i=$((i+1)); [ $i -eq 2 ] && continue; [ $i -gt 4 ] && break; echo $i; done',
      '1\n3\n4\n',
    ],
    ['until', 'i=0; until [ $i -ge 2 ]; do echo $i; i=$((i+1)); done', '0\n1\n'],
    [
      'nested break',
      'for a in 1 2; do for b in 1 2; do [ $b = 2 ] && break 2; echo $a$b; done; done; echo end',
      '11\nend\n',
    ],
    ['counted for', 'for ((i=0;i<3;i++)); do echo $i; done', '0\n1\n2\n'],
    [
      'case',
      'for w in apple bee 7; do case $w in a*|A*) echo A;; [0-9]) echo digit;; *) echo other;; esac; done',
      'A\nother\ndigit\n',
    ],
    ['and-or', 'false && echo no || echo yes; true || echo no; ! false && echo neg', 'yes\nneg\n'],
    ['pipes', 'printf "c\\na\\nb\\n" | while read x; do echo "<$x>"; done | cat', '<c>\n<a>\n<b>\n'],
    ['pipeline status', 'false | true; echo $?; set -o pipefail; false | true; echo $?', '0\n1\n'],
    [
      'here-documents',
      'x=1; cat <<EOF\na $x $((x+1)) "q"\nEOF\ncat <<\'EOF\'\na $x\nEOF\ncat <<-EOF\n\ttabbed\n\tEOF\ncat <<< word',
      'a 1 2 "q"\na $x\ntabbed\nword\n',
    ],
    [
      'redirections',
      'echo a > f; echo b >> f; cat < f; { echo o; echo e >&2; } > g 2>&1; cat g; rm2() { :; }; cat missing 2>/dev/null || echo none',
      'a\nb\no\ne\nnone\n',
    ],
    ['subshell keeps to itself', 'x=1; (x=2; cd /; echo $x); echo $x $PWD', '2\n1 /home\n'],
    [
      'functions and local',
      'f() { local x=in; y=out; echo $x; return 3; }; x=top; f; echo $? $x $y',
      'in\n3 top out\n',
    ],
    [
      'arrays',
      'a=(x "y z"); a+=(w); echo ${#a[@]} ${a[1]} "${a[@]}" ${a[-1]}; for i in "${a[@]}"; do echo "<$i>"; done',
      '3 y z x y z w w\n<x>\n<y z>\n<w>\n',
    ],
    [
      '[[ ]]',
      '[[ abc == a* && 1 -lt 2 ]] && echo y; [[ abc =~ ^a.c$ ]] && echo r; [[ -z "" || x == y ]] && echo z; [[ "a*" == "a*" ]] && echo q',
      'y\nr\nz\nq\n',
    ],
    ['eval and source', 'eval "echo $((1+1))"; echo "v=5" > s.sh; . ./s.sh; echo $v', '2\n5\n'],
    [
      'printf',
      `printf '%s-%03d|%5s|%-5s|%.2f\\n' a 7 r l 2.5; printf '%s,' 1 2 3; echo`,
      'a-007|    r|l    |2.50\n1,2,3,\n',
    ],
    ['IFS', 'IFS=:; p=a:b::c; for x in $p; do echo "[$x]"; done', '[a]\n[b]\n[]\n[c]\n'],
    ['trap EXIT', 'trap "echo bye" EXIT; echo hi', 'hi\nbye\n'],
    ['background and wait', 'sleep 2 & sleep 1; echo one; wait; echo two', 'one\ntwo\n'],
    ['exported to one command only', 'X=1 eval "echo $X-"; f() { echo $X; }; X=2 f', '-\n2\n'],
    ['comments and continuation', 'echo a \\\n  b # c\n# d\necho e#f', 'a b\ne#f\n'],
    ['read splits', 'echo "a b  c d" | { read x y z; echo "$x|$y|$z"; }', 'a|b|c d\n'],
    ['a string that looks like an operator', 'x="a;b|c"; echo $x', 'a;b|c\n'],
  ])('%s', (_name, script, out) => {
    expect(sh(script, { files: { '/home/one.yaml': '1', '/home/two.yaml': '2' } })).toMatchObject({ out })
  })
})

describe('how a script ends', () => {
  test.each<[script: string, code: number, err: string]>([
    ['exit 7', 7, ''],
    ['false', 1, ''],
    ['(exit 3)', 3, ''],
    ['nonsense', 127, 'bash: nonsense: command not found\n'],
    ['./nonsense', 127, 'bash: ./nonsense: No such file or directory\n'],
    ['/home', 126, 'bash: /home: Is a directory\n'],
    ['set -e; false; echo never', 1, ''],
    ['set -e; false || true; if false; then :; fi; ! true; echo on; exit 4', 4, ''],
    ['set -e; f() { false; echo never; }; f', 1, ''],
    ['set -u; echo $nope', 1, 'bash: nope: unbound variable\n'],
    ['cd /nowhere', 1, 'bash: cd: /nowhere: No such file or directory\n'],
    ['echo a > /nowhere/x', 1, 'bash: /nowhere/x: No such file or directory\n'],
    ['if true', 2, 'bash: -c: line 1: syntax error: unexpected end of file\n'],
    ['echo )', 2, "bash: -c: line 1: syntax error near unexpected token `)'\n"],
    ['kill -TERM $$; echo never', 143, ''],
    ['timeout 2 sleep 10', 124, ''],
    ['timeout 5 sleep 1', 0, ''],
    ['echo $((1/0))', 1, 'bash: 1/0: division by 0 (error token is "0")\n'],
    ['f() { f; }; f', 1, 'bash: maximum function nesting level exceeded\n'],
  ])('%s', (script, code, err) => {
    const ran = sh(script)
    expect([ran.code, ran.err]).toEqual([code, err])
  })
})

test('time passes only in what waits', () => {
  expect(sh('sleep 1.5; sleep 2').millis).toBe(3500)
  expect(sh('sleep 3 | sleep 2').millis).toBe(3000)
  expect(sh('timeout 2 sleep 10').millis).toBe(2000)
})

test('a loop that never waits lets time pass instead of standing still', () => {
  const ran = sh('while :; do :; done', { until: 2000 })
  expect(ran.code).toBeUndefined()
  expect(ran.simulation.now).toBe(2000)
})

test('a loop in the middle of its sleep is plain data', () => {
  const ran = sh('i=0; while true; do i=$((i+1)); echo $i; sleep 5; done', { until: 12_000 })
  expect(ran.out).toBe('1\n2\n3\n')
  const digest = ran.simulation.digest()
  ran.simulation.rewind(7_000)
  ran.simulation.run({ until: 12_000 })
  expect(ran.simulation.digest()).toBe(digest)
})

test('PID 1 of nothing: an upstream that nobody reads any more ends', () => {
  expect(sh('while true; do echo y; sleep 1; done | { read x; echo "got $x"; }', { until: 60_000 })).toMatchObject({
    out: 'got y\n',
    code: 0,
  })
})
