/** What decides how a drawing looks; it is written into each element, for outside of the page there are no rules. */
const PROPERTIES = [
  'display',
  'fill',
  'fill-opacity',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
  'paint-order',
  'stroke',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-width',
  'text-anchor',
] as const

/** The picture on the page as an SVG that stands alone, in the theme that is shown; undefined where a table is shown. */
export function pictureText(title: string): string | undefined {
  const shown = document.querySelector<SVGSVGElement>('#picture-view svg')
  if (!shown) return undefined
  const copy = shown.cloneNode(true) as SVGSVGElement
  const from = [shown, ...shown.querySelectorAll<SVGElement>('*')]
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  for (const [i, element] of from.entries()) dress(element, to[i]!)
  for (const gone of copy.querySelectorAll('[data-gone]')) gone.remove()
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  for (const [name, value] of [
    ['width', '100%'],
    ['height', '100%'],
    ['fill', colourOf('--ground')],
  ] as const)
    ground.setAttribute(name, value)
  const words = document.createElementNS('http://www.w3.org/2000/svg', 'title')
  words.textContent = title
  copy.prepend(words, ground)
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('role', 'img')
  return new XMLSerializer().serializeToString(copy)
}

function dress(from: SVGElement, to: SVGElement): void {
  const style = getComputedStyle(from)
  if (style.display === 'none' || from.getAttribute('aria-hidden') === 'true') to.setAttribute('data-gone', '')
  for (const name of [
    'class',
    'tabindex',
    'role',
    'style',
    'data-key',
    'data-look',
    'data-at',
    'data-stripes',
    'data-to',
    'aria-pressed',
  ])
    to.removeAttribute(name)
  const isShape = !['g', 'svg', 'defs', 'pattern', 'title'].includes(from.tagName)
  to.setAttribute(
    'style',
    PROPERTIES.filter((name) => isShape || name === 'opacity' || name.startsWith('font'))
      .map((name) => `${name}:${style.getPropertyValue(name)}`)
      .join(';'),
  )
}

/** A token's colour in the theme that is shown. */
function colourOf(token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

/** The same as points, twice as fine as on the page. */
export async function pictureBlob(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth * 2
    canvas.height = image.naturalHeight * 2
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}
