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
  [
    'the base stays the old one',
    'b8',
    2,
    'docker build -q -t registry:5000/letter:2 letter',
    ['it has openssl 3.3.1-r0'],
  ],
  [
    'the packages are brought up to date instead: another right way',
    'b8',
    2,
    "sed -i 's/apk add/apk upgrade --no-cache \\&\\& apk add/' letter/Dockerfile; docker build -q -t registry:5000/letter:2 letter",
    [],
  ],
  [
    'the secret is only covered',
    'b8',
    3,
    'docker build -q -t registry:5000/letter:3 -f letter/Dockerfile.leak letter',
    ['it still stands in layer 4 of 6, /tmp/stamp.txt'],
  ],
  [
    'another image is signed',
    'b8',
    4,
    'export COSIGN_PASSWORD=x; cosign generate-key-pair; docker push -q registry:5000/letter:2; docker push -q registry:5000/letter:3; cosign sign --key cosign.key --yes --allow-http-registry registry:5000/letter:2',
    ['registry:5000/letter:3 bears no signature'],
  ],
  [
    'the policy has another key than the one that signed',
    'b8',
    5,
    'cosign generate-key-pair --output-key-prefix other; sh letter/policy.sh other.pub | kubectl apply -f -; kubectl label namespace default policy.sigstore.dev/include=true; kubectl create deployment letter --image registry:5000/letter:3',
    ['0 of 0'],
  ],
  [
    'the second tag is the first image',
    'e1',
    5,
    'docker tag registry:5000/kiosk:1 registry:5000/kiosk:2; docker push -q registry:5000/kiosk:2',
    ['registry:5000/kiosk:2 is the same image as registry:5000/kiosk:1'],
  ],
  [
    'all pods are taken away at once',
    'e1',
    6,
    'sim load http://worker-1:30080 --rps 50 --for 60s &\nsleep 3; kubectl set image deployment/kiosk kiosk=registry:5000/kiosk:2; kubectl delete pod --force --all; sleep 70; wait',
    [expect.stringMatching(/^\d+ of 3000 lost$/) as unknown as string],
  ],
]

test.each(cases)('what still differs is told: %s', (_, id, step, lines, still) => {
  expect(after(id, step, lines)).toEqual(still)
})
