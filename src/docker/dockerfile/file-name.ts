/** Whether a file is a Dockerfile by its name: `Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`. */
export const isDockerfile = (path: string): boolean =>
  /(^|\/)(Dockerfile[^/]*|[^/]+\.[Dd]ockerfile)$/.test(path) && !/\.(dockerignore|md)$/.test(path)
