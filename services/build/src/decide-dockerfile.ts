/** What tells kinds of projects apart. */
export interface ProjectFacts {
  hasPackageJson: boolean;
  hasLockfile: boolean;
  hasBuildScript: boolean;
  hasRequirements: boolean;
  hasGoModule: boolean;
}

/** Writes a Dockerfile for a project that brings none, or null. The images are the languages' official ones, by full name: buildah does not guess the registry. */
export function decideDockerfile(facts: ProjectFacts): string | null {
  if (facts.hasPackageJson) return nodeDockerfile(facts);
  if (facts.hasRequirements) return pythonDockerfile;
  return facts.hasGoModule ? goDockerfile : null;
}

function nodeDockerfile({ hasLockfile, hasBuildScript }: ProjectFacts): string {
  const install = hasLockfile ? 'npm ci' : 'npm install';
  return lines([
    'FROM docker.io/library/node:24-slim',
    'WORKDIR /app',
    'COPY . .',
    `RUN ${install} --no-audit --no-fund`,
    ...(hasBuildScript ? ['RUN npm run build'] : []),
    'ENV NODE_ENV=production',
    'USER node',
    'CMD ["npm", "start"]',
  ]);
}

const pythonDockerfile = lines([
  'FROM docker.io/library/python:3.13-slim',
  'WORKDIR /app',
  'COPY . .',
  'RUN pip install --no-cache-dir -r requirements.txt',
  'USER nobody',
  'CMD ["python", "main.py"]',
]);

const goDockerfile = lines([
  'FROM docker.io/library/golang:1.25 AS build',
  'WORKDIR /src',
  'COPY . .',
  'RUN CGO_ENABLED=0 go build -o /app .',
  'FROM scratch',
  'COPY --from=build /app /app',
  'USER 65534',
  'ENTRYPOINT ["/app"]',
]);

function lines(instructions: readonly string[]): string {
  return `# Written by DevOps Orchestra: the repository has no Dockerfile.\n${instructions.join('\n')}\n`;
}
