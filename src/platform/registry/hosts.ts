/** Docker Hub's account in every lab. */
export const HUB_USERS: Readonly<Record<string, string>> = { you: 'secret' }

interface HostKind {
  readonly fits: RegExp
  /** How its vendor calls it. */
  readonly name: string
  /** Whom it lets in; the password is not checked, for nobody could know it (simplified). */
  readonly user: RegExp
  /** What it answers to those who have not logged in. */
  readonly refusal: string
}

/** Registries of the clouds, known by the form of their names. */
const KINDS: readonly HostKind[] = [
  {
    fits: /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/,
    name: 'Amazon ECR',
    user: /^AWS$/,
    refusal: 'no basic auth credentials',
  },
  {
    fits: /^(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)$/,
    name: 'Google Artifact Registry',
    user: /^(oauth2accesstoken|_json_key|_json_key_base64|_dcgcloud_token)$/,
    refusal:
      'denied: Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.uploadArtifacts"',
  },
  {
    fits: /^[a-z0-9]{5,50}\.azurecr\.io$/,
    name: 'Azure Container Registry',
    user: /./,
    refusal: 'unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.',
  },
  { fits: /^ghcr\.io$/, name: 'GitHub Container Registry', user: /./, refusal: 'denied' },
  {
    fits: /^quay\.io$/,
    name: 'Quay',
    user: /./,
    refusal: 'unauthorized: access to the requested resource is not authorized',
  },
  {
    fits: /^(?:harbor|registry|cr|docker)\.[a-z0-9-]+(?:\.[a-z0-9-]+)+$/,
    name: 'Harbor or another of its kind',
    user: /./,
    refusal: 'unauthorized: unauthorized to access repository',
  },
]

export const hostKindOf = (host: string): HostKind | undefined => KINDS.find(({ fits }) => fits.test(host))
