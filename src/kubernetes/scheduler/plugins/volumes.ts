import type { Plugin } from '../framework'

const passing = (name: string, about: string): Plugin => ({
  name,
  weight: 0,
  about,
  note: 'not modelled: it lets every node pass',
})

/** The plugins that look at volumes. Not modelled: they refuse nothing. */
export const volumePlugins: readonly Plugin[] = [
  passing('VolumeRestrictions', 'a disk that only one may use is free'),
  passing('NodeVolumeLimits', 'the node can attach one more volume'),
  passing('VolumeBinding', 'its claims can be met there'),
  passing('VolumeZone', 'its volumes are in the same zone'),
]
