import { binarySize } from '../../../docker/formats/size'
import { escapedJson } from '../../cli/json'
import type { Command } from '../command'
import { rendered } from '../print/format'
import { isRefusal, refusalText } from '../run'
import { df } from './disk-use'
import { events, formatFlag } from './look'
import { pruneSystem } from './prune'

const CLIENT = {
  Version: '28.2.2',
  ApiVersion: '1.50',
  GoVersion: 'go1.24.3',
  GitCommit: 'e6534b4',
  Built: 'Fri May 30 12:07:12 2025',
  Os: 'linux',
  Arch: 'amd64',
  Context: 'default',
}

export const version: Command = {
  name: 'version',
  about: 'Show the Docker version information',
  usage: '[OPTIONS]',
  most: 0,
  flags: [formatFlag],
  run(run) {
    const reply = run.try({ method: 'GET', path: '/version' })
    const server = isRefusal(reply) ? null : reply.body
    const format = run.value('format')
    const all = { Client: CLIENT, Server: server }
    if (format === 'json') run.print(`${escapedJson(all)}\n`)
    else if (format !== undefined) run.print(`${rendered(format, all)}\n`)
    else {
      const row = (indent: string, name: string, value: string) =>
        `${indent}${`${name}:`.padEnd(20 - indent.length)}${value}\n`
      run.print(
        `Client: Docker Engine - Community\n${row(' ', 'Version', CLIENT.Version)}${row(' ', 'API version', CLIENT.ApiVersion)}${row(' ', 'Go version', CLIENT.GoVersion)}${row(' ', 'Git commit', CLIENT.GitCommit)}${row(' ', 'Built', CLIENT.Built)}${row(' ', 'OS/Arch', 'linux/amd64')}${row(' ', 'Context', CLIENT.Context)}`,
      )
      if (server) {
        run.print(
          `\nServer: Docker Engine - Community\n Engine:\n${row('  ', 'Version', server.Version)}${row('  ', 'API version', `${server.ApiVersion} (minimum version ${server.MinAPIVersion})`)}${row('  ', 'Go version', server.GoVersion)}${row('  ', 'Git commit', server.GitCommit)}${row('  ', 'Built', CLIENT.Built)}${row('  ', 'OS/Arch', 'linux/amd64')}${row('  ', 'Experimental', 'false')}`,
        )
        for (const { Name, Version } of server.Components) run.print(` ${Name}:\n${row('  ', 'Version', Version)}`)
      }
    }
    if (!server) run.error(`${refusalText(reply)}\n`)
    return server ? 0 : 1
  },
}

export const info: Command = {
  name: 'info',
  about: 'Display system-wide information',
  usage: '[OPTIONS]',
  also: 'docker system info, docker info',
  most: 0,
  flags: [formatFlag],
  run(run) {
    const body = run.ask({ method: 'GET', path: '/info' })
    const format = run.value('format')
    if (format === 'json') run.print(`${escapedJson(body)}\n`)
    else if (format !== undefined) run.print(`${rendered(format, body)}\n`)
    else
      run.print(
        `Client: Docker Engine - Community
 Version:    ${CLIENT.Version}
 Context:    default
 Debug Mode: false

Server:
 Containers: ${body.Containers}
  Running: ${body.ContainersRunning}
  Paused: ${body.ContainersPaused}
  Stopped: ${body.ContainersStopped}
 Images: ${body.Images}
 Server Version: ${body.ServerVersion}
 Storage Driver: ${body.Driver}
 Logging Driver: ${body.LoggingDriver}
 Cgroup Driver: ${body.CgroupDriver}
 Cgroup Version: ${body.CgroupVersion}
 Plugins:
  Volume: ${body.Plugins.Volume.join(' ')}
  Network: ${body.Plugins.Network.join(' ')}
  Log: ${body.Plugins.Log.join(' ')}
 Swarm: ${body.Swarm.LocalNodeState}
 Default Runtime: ${body.DefaultRuntime}
 Kernel Version: ${body.KernelVersion}
 Operating System: ${body.OperatingSystem}
 OSType: ${body.OSType}
 Architecture: ${body.Architecture}
 CPUs: ${body.NCPU}
 Total Memory: ${binarySize(body.MemTotal)}
 Name: ${body.Name}
 Docker Root Dir: ${body.DockerRootDir}
 Debug Mode: false
 Live Restore Enabled: ${body.LiveRestoreEnabled}

`,
      )
    return 0
  },
}

export const system: Command = { name: 'system', about: 'Manage Docker', children: [df, events, info, pruneSystem] }
