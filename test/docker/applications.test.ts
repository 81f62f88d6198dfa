import { describe, expect, test } from 'vitest'
import { seat } from './lab'

/** A small application: its files, and what its container answers once it runs. */
interface Application {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly flags?: string
  /** Answers HTTP there; left out: it is only built. */
  readonly port?: number
}

const NODE = {
  'package.json': JSON.stringify({
    name: 'shop',
    version: '1.0.0',
    scripts: { start: 'node server.js', build: 'react-scripts build', serve: 'vue-cli-service serve' },
    dependencies: { express: '^4.21.0' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'shop',
    lockfileVersion: 3,
    packages: { 'node_modules/express': { version: '4.21.2' } },
  }),
  'server.js': "require('express')().get('/', (_, out) => out.send('shop')).listen(process.env.PORT || 3000)\n",
}
const TOOLS = `FROM builder AS tools
RUN <<END
apk update
apk add git
END
RUN <<END
addgroup -S team
adduser -S --shell /bin/bash --ingroup team sam
END
COPY --from=tools/for-everybody / /
`
const GO = {
  'go.mod': 'module shop\n\ngo 1.22\n\nrequire github.com/gorilla/mux v1.8.1\n',
  'go.sum': 'github.com/gorilla/mux v1.8.1 h1:sum=\n',
  'main.go': 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8000", nil) }\n',
}
const RUST = {
  'Cargo.toml': '[package]\nname = "shelf"\nversion = "0.1.0"\n\n[dependencies]\nrocket = "0.5"\n',
  'src/main.rs': 'fn main() {}\n',
}
const SPRING =
  '<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent><artifactId>shop</artifactId><version>1</version></project>\n'

const applications: readonly Application[] = [
  {
    name: 'votes are cast: Flask behind gunicorn, with a stage for development',
    port: 80,
    files: {
      'requirements.txt': 'Flask\nRedis\ngunicorn\n',
      'app.py':
        "from flask import Flask\nimport os, redis\noption_a = os.getenv('OPTION_A', 'Cats')\napp = Flask(__name__)\n",
      Dockerfile: `FROM python:3.11-slim AS base
RUN apt-get update && \\
    apt-get install -y --no-install-recommends curl && \\
    rm -rf /var/lib/apt/lists/*
WORKDIR /usr/local/app
COPY requirements.txt ./requirements.txt
RUN pip install --no-cache-dir -r requirements.txt
FROM base AS dev
RUN pip install watchdog
CMD ["python", "app.py"]
FROM base AS final
COPY . .
EXPOSE 80
CMD ["gunicorn", "app:app", "-b", "0.0.0.0:80", "--workers", "4"]
`,
    },
  },
  {
    name: 'votes are shown: Node behind tini',
    port: 80,
    files: {
      ...NODE,
      Dockerfile: `FROM node:18-slim
RUN apt-get update && \\
    apt-get install -y --no-install-recommends curl tini && \\
    rm -rf /var/lib/apt/lists/*
WORKDIR /usr/local/app
RUN npm install -g nodemon
COPY package*.json ./
RUN npm ci && \\
 npm cache clean --force && \\
 mv /usr/local/app/node_modules /node_modules
COPY . .
ENV PORT=80
EXPOSE 80
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "server.js"]
`,
    },
  },
  {
    name: 'votes are counted: .NET for the machine that it is built on',
    files: {
      'Worker.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>\n',
      'Program.cs': 'class Program {}\n',
      Dockerfile: `FROM --platform=\${BUILDPLATFORM} mcr.microsoft.com/dotnet/sdk:8.0 AS build
ARG TARGETARCH
ARG BUILDPLATFORM
RUN echo "on $BUILDPLATFORM for $TARGETARCH"
WORKDIR /source
COPY *.csproj .
RUN dotnet restore -a $TARGETARCH
COPY . .
RUN dotnet publish -c release -o /app -a $TARGETARCH --self-contained false --no-restore
FROM mcr.microsoft.com/dotnet/runtime:8.0
WORKDIR /app
COPY --from=build /app .
ENTRYPOINT ["dotnet", "Worker.dll"]
`,
    },
  },
  {
    name: 'data for a trial',
    files: {
      'make-data.py': "print('made')\n",
      'send.sh': '#!/bin/sh\nab -n 10 http://vote/\n',
      Dockerfile: `FROM python:3.12-slim
RUN apt-get update \\
    && apt-get install -y --no-install-recommends apache2-utils \\
    && rm -rf /var/lib/apt/lists/*
WORKDIR /seed
COPY . .
RUN python make-data.py
CMD ["/seed/send.sh"]
`,
    },
  },
  {
    name: 'Flask that says its port in variables, with a cache mount and old ENV',
    port: 8000,
    files: {
      'requirements.txt': 'flask\n',
      'hello.py': "from flask import Flask\napp = Flask('hello')\n",
      Dockerfile: `# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM python:3.12-alpine AS builder
WORKDIR /code
COPY requirements.txt /code
RUN --mount=type=cache,target=/root/.cache/pip \\
    pip3 install -r requirements.txt
COPY . .
ENV FLASK_APP hello.py
ENV FLASK_RUN_PORT 8000
ENV FLASK_RUN_HOST 0.0.0.0
EXPOSE 8000
CMD ["flask", "run"]
`,
    },
  },
  {
    name: 'tools for developers on top of it, from an image that nobody knows',
    flags: '--target tools',
    files: { Dockerfile: `FROM python:3.12-alpine AS builder\nWORKDIR /code\n${TOOLS}CMD ["flask", "run"]\n` },
  },
  {
    name: 'Node from its lock file',
    port: 3000,
    files: {
      ...NODE,
      Dockerfile:
        'FROM node:20-alpine3.20\nWORKDIR /usr/src/app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY ./server.js ./\nCMD ["npm", "start"]\n',
    },
  },
  {
    name: 'a React page, built and given out by nginx',
    port: 80,
    files: {
      ...NODE,
      'src/index.js': "document.title = 'shop'\n",
      Dockerfile: `FROM node:lts AS development
ENV CI=true
ENV PORT=3000
WORKDIR /code
COPY package.json /code/package.json
COPY package-lock.json /code/package-lock.json
RUN npm ci
COPY . /code
CMD [ "npm", "start" ]
FROM development AS builder
RUN npm run build
FROM nginx:1.27-alpine
COPY --from=builder /code/build /usr/share/nginx/html
`,
    },
  },
  {
    name: 'the same while it is written',
    port: 3000,
    flags: '--target development',
    files: {
      ...NODE,
      Dockerfile: `FROM node:lts-bookworm AS development
ENV PORT=3000
WORKDIR /code
COPY package.json package-lock.json ./
RUN ["npm", "ci"]
COPY . .
CMD ["npm", "start"]
FROM development AS build
RUN ["npm", "run", "build"]
`,
    },
  },
  {
    name: 'Angular',
    port: 4200,
    files: {
      ...NODE,
      Dockerfile:
        'FROM --platform=$BUILDPLATFORM node:20-bookworm-slim AS builder\nRUN mkdir /project\nWORKDIR /project\nRUN npm install -g @angular/cli@18\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["ng", "serve", "--host", "0.0.0.0"]\n',
    },
  },
  {
    name: 'Vue with yarn',
    port: 8080,
    files: {
      ...NODE,
      Dockerfile:
        'FROM node:20-alpine AS development\nRUN mkdir /project\nWORKDIR /project\nCOPY . .\nRUN yarn global add @vue/cli\nRUN yarn install\nENV HOST=0.0.0.0\nCMD ["yarn", "run", "serve"]\n',
    },
  },
  {
    name: 'Go into nothing',
    port: 8000,
    files: {
      ...GO,
      Dockerfile: `FROM --platform=$BUILDPLATFORM golang:1.22-alpine AS builder
WORKDIR /code
ENV CGO_ENABLED 0
ENV GOPATH /go
ENV GOCACHE /go-build
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod/cache \\
    go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod/cache \\
    --mount=type=cache,target=/go-build \\
    go build -o bin/backend main.go
FROM scratch
COPY --from=builder /code/bin/backend /usr/local/bin/backend
CMD ["/usr/local/bin/backend"]
`,
    },
  },
  {
    name: 'Go for distroless, as somebody else than root',
    port: 8000,
    files: {
      ...GO,
      Dockerfile:
        'FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /shop .\nFROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /shop /shop\nUSER nonroot\nENTRYPOINT ["/shop"]\n',
    },
  },
  {
    name: 'Rust whose crates come first',
    port: 8000,
    files: {
      ...RUST,
      Dockerfile: `FROM rust:bookworm AS base
ENV ROCKET_ADDRESS=0.0.0.0
WORKDIR /code
RUN cargo init
COPY Cargo.toml /code/Cargo.toml
RUN cargo fetch
COPY . /code
FROM base AS builder
RUN cargo build --release --offline
FROM debian:bookworm-slim
EXPOSE 8000
COPY --from=builder /code/target/release/shelf /shelf
CMD [ "/shelf" ]
`,
    },
  },
  {
    name: 'WebAssembly that a strange compiler goes over',
    files: {
      ...RUST,
      Dockerfile: `FROM --platform=$BUILDPLATFORM rust:1.82 AS buildbase
RUN <<END bash
    set -ex
    apt-get update
    apt-get install -y \\
        git \\
        clang
    rustup target add wasm32-wasi
END
RUN curl -sSf https://raw.githubusercontent.com/some/compiler/main/install.sh | bash
FROM buildbase AS build
COPY Cargo.toml .
COPY src ./src
RUN --mount=type=cache,target=/usr/local/cargo/registry/cache \\
    cargo build --target wasm32-wasi --release
RUN /root/.compiler/bin/compile target/wasm32-wasi/release/shelf.wasm shelf.wasm
FROM scratch
ENTRYPOINT [ "shelf.wasm" ]
COPY --link --from=build /shelf.wasm /shelf.wasm
`,
    },
  },
  {
    name: 'Spring Boot, taken apart into layers',
    port: 8080,
    files: {
      'pom.xml': SPRING,
      'src/main/java/Application.java': 'class Application {}\n',
      Dockerfile: `FROM --platform=$BUILDPLATFORM maven:3.9-eclipse-temurin-21 AS builder
WORKDIR /workdir/server
COPY pom.xml /workdir/server/pom.xml
RUN mvn dependency:go-offline
COPY src /workdir/server/src
RUN mvn install
FROM builder AS prepare-production
RUN mkdir -p target/dependency
WORKDIR /workdir/server/target/dependency
RUN jar -xf ../*.jar
FROM eclipse-temurin:21-jre
EXPOSE 8080
VOLUME /tmp
ARG DEPENDENCY=/workdir/server/target/dependency
COPY --from=prepare-production \${DEPENDENCY}/BOOT-INF/lib /app/lib
COPY --from=prepare-production \${DEPENDENCY}/META-INF /app/META-INF
COPY --from=prepare-production \${DEPENDENCY}/BOOT-INF/classes /app
ENTRYPOINT ["java", "-cp", "app:app/lib/*", "com.example.Application"]
`,
    },
  },
  {
    name: 'nginx with a configuration and owners of its own',
    port: 80,
    files: {
      'nginx.conf': 'events {}\nhttp { server { listen 80; } }\n',
      'start.sh': '#!/bin/sh\nexec nginx -g "daemon off;"\n',
      Dockerfile: `FROM nginx:1.27-alpine
RUN apk add bash
COPY --chown=nginx:nginx nginx.conf /etc/nginx/nginx.conf
COPY --chown=nginx:nginx --chmod=755 start.sh /app/start.sh
WORKDIR /app
RUN chown -R nginx:nginx /app && chmod -R 755 /app && \\
        chown -R nginx:nginx /var/cache/nginx && \\
        chown -R nginx:nginx /etc/nginx/conf.d
RUN touch /var/run/nginx.pid && chown -R nginx:nginx /var/run/nginx.pid
CMD ["nginx", "-g", "daemon off;"]
`,
    },
  },
  {
    name: 'a database with a first table',
    files: {
      'init.sql': 'CREATE TABLE books (title text);\n',
      Dockerfile:
        'FROM postgres:16-alpine\nENV POSTGRES_PASSWORD=secret\nCOPY init.sql /docker-entrypoint-initdb.d/\nHEALTHCHECK --interval=5s CMD pg_isready -U postgres\n',
    },
  },
  {
    name: 'PHP on Apache',
    port: 80,
    files: {
      'index.php': "<?php echo 'shop';\n",
      Dockerfile:
        'FROM php:8.3-apache\nRUN docker-php-ext-install mysqli && a2enmod rewrite\nCOPY index.php /var/www/html/\nEXPOSE 80\n',
    },
  },
  {
    name: 'uvicorn, with sources that a .dockerignore thins out',
    port: 9000,
    files: {
      'requirements.txt': 'fastapi\nuvicorn[standard]\n',
      '.dockerignore': '**/*.pyc\n.git\ntests\n',
      'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
      'tests/a.py': 'assert True\n',
      Dockerfile:
        'FROM python:3.12-slim\nWORKDIR /srv\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nRUN test ! -e tests && useradd --create-home app\nUSER app\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "9000"]\n',
    },
  },
]

describe('applications of many languages are built, and answer', () => {
  test.each(applications.map((one) => [one.name, one] as const))('%s', (_, { files, flags = '', port }) => {
    const own = seat({ files })
    const built = own.run(`chmod +x *.sh 2> /dev/null; docker build -q ${flags} -t app .`)
    expect(built).toMatch(/^sha256:[0-9a-f]{64}\n$/)
    if (port === undefined) return
    const answer = own.run(
      `docker run -d --name app -p 7000:${port} app > /dev/null; sleep 12; curl -s -o /dev/null -w '%{http_code}' localhost:7000; docker ps -a --format ' {{.Status}}'`,
    )
    expect(answer).toMatch(/^200 Up/)
  })
})
