/**
 * cgroup v1's shares (2…262144) as a weight of v2 (1…10000), in proportion: 1024 becomes 39. So do the kubelet and runc before
 * 1.3.2, which Docker 28.2 brings along; a group whose shares nobody has set keeps the kernel's 100.
 */
export const proportionalWeight = (shares: number): number =>
  1 + Math.floor(((Math.min(262_144, Math.max(2, shares)) - 2) * 9999) / 262_142)

/** The kernel's, where nobody has set one. */
export const DEFAULT_WEIGHT = 100

/** The kubelet's shares for what is requested: 1024 a CPU, 2 at least. */
export const sharesOfRequest = (millis: number): number => Math.max(2, Math.floor((millis * 1024) / 1000))
