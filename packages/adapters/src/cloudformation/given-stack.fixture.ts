import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloudformation, type Cloudformation } from './create-cloudformation.ts';
import type { Call } from './stack.ts';

export const name = 'orchestra-acme-shop-production';
export const stackId = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1`;
export const credentials = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret-key',
};

interface Fake {
  url: string;
  /** What was asked, by its parameters. */
  seen: readonly Readonly<Record<string, string>>[];
  close(): Promise<void>;
}

/** A stack of a double of the API. */
export interface GivenStack {
  root: string;
  cloudformation: Cloudformation;
  /** What was shown to people. */
  shown(): string;
  /** A call in a folder with a template. */
  template(files?: Readonly<Record<string, string>>, folder?: string): Promise<Call>;
  /** All requests of one action. */
  asked(action: string): Fake['seen'];
  close(): Promise<void>;
}

export async function givenStack(fake: Fake): Promise<GivenStack> {
  const root = await mkdtemp(join(tmpdir(), 'cloudformation-'));
  const cloudformation = createCloudformation({ passed: { ...credentials, AWS_ENDPOINT_URL: fake.url }, pollMs: 5 });
  if (cloudformation === null) throw new Error('No region or credentials');
  let shown = '';
  return {
    root,
    cloudformation,
    shown: () => shown,
    async template(files = {}, folder = 'workspace') {
      const workspace = join(root, folder);
      await mkdir(join(workspace, 'infra'), { recursive: true });
      const all = { 'template.yaml': 'Resources: {}\n', ...files };
      for (const [file, text] of Object.entries(all)) await writeFile(join(workspace, 'infra', file), text);
      return {
        workspace,
        folder: 'infra',
        stateName: 'acme/shop/production',
        environment: 'production',
        timeoutMs: 60_000,
        signal: new AbortController().signal,
        onOutput: (text) => void (shown += text),
      };
    },
    asked: (action) => fake.seen.filter(({ Action }) => Action === action),
    async close() {
      await fake.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** What the API says of the stack. */
export function stack(status: string, more = ''): { result: string } {
  const parts = `<StackName>${name}</StackName><StackId>${stackId}</StackId><StackStatus>${status}</StackStatus>`;
  return {
    result: `<Stacks><member>${parts}<CreationTime>2026-01-01T00:00:00Z</CreationTime>${more}</member></Stacks>`,
  };
}

/** The output of a stack, for `stack`. */
export function outputs(values: Readonly<Record<string, string>>): string {
  const members = Object.entries(values).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<Outputs>${members.join('')}</Outputs>`;
}

/** A resource of a stack that could not be brought about, of now or later. */
export function failedEvent(status: string, reason: string): { result: string } {
  const inner = `<LogicalResourceId>Bucket</LogicalResourceId><ResourceStatus>${status}</ResourceStatus>`;
  const member = `<member>${inner}<ResourceStatusReason>${reason}</ResourceStatusReason><Timestamp>2999-01-01T00:00:00Z</Timestamp></member>`;
  return { result: `<StackEvents>${member}</StackEvents>` };
}

export function refusal(message: string): { status: number; code: string; message: string } {
  return { status: 400, code: 'ValidationError', message };
}
