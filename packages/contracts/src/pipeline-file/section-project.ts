import { z } from 'zod';
import { line } from './fields.ts';
import { older } from './older-key.ts';

export const project = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/,
        'must be 1 to 100 letters, digits, blanks, dots, hyphens or underscores',
      )
      .describe('What people call the project. Required.'),
    language: line
      .optional()
      .describe('The main language. Chooses the default tools of build, code_analysis and testing.'),
    framework: older(line, 'Has no effect: nothing depends on the framework. Remove it.'),
    repo: older(line, 'Has no effect: the repository is the one that was pushed to. Remove it.'),
    'frontend-language': older(line, 'Write `language`, which counts more, as does `backend-language`.'),
    'backend-language': older(line, 'Write `language`, which counts more.'),
  })
  .describe('What this repository is.');

export const triggers = z
  .strictObject({
    branches: z
      .array(line)
      .max(50, 'must have at most 50 patterns')
      .default(['main', 'master'])
      .describe(
        'Branches whose pushes run: names or patterns. `*` stands for any text without `/`, `**` for any text.',
      ),
    pull_requests: z
      .boolean()
      .default(false)
      .describe('Whether pull requests run. They are built and tested, and reach no environment.'),
  })
  .describe('Which pushes become runs.');

const licenseNames = z.array(line).max(200, 'must have at most 200 names').default([]);

export const licenses = z
  .strictObject({
    deny: licenseNames.describe('SPDX names that no dependency may have.'),
    allow: licenseNames.describe('When not empty: the only SPDX names that dependencies may have.'),
  })
  .describe('Licences of dependencies, read from lockfiles by gitops.');

export const run = z
  .strictObject({
    deadline_seconds: z
      .number()
      .min(1, 'must be at least 1 second')
      .max(30 * 24 * 3600, 'must be at most 30 days (2592000 seconds)')
      .default(14_400)
      .describe('When a run has not ended by then, it ends as timed out.'),
    gate_deadline_seconds: z
      .number()
      .min(1, 'must be at least 1 second')
      .max(30 * 24 * 3600, 'must be at most 30 days (2592000 seconds)')
      .default(7200)
      .describe(
        'How long infrastructure and deployment wait for the stages before them. A deployment behind another environment waits for that one up to 60 days longer, but no longer than the run lasts.',
      ),
  })
  .describe('Limits of the whole run.');

export const secrets = older(
  z.strictObject({
    manager: older(line, 'Has no effect: builds and tests get no secrets. Remove the section.'),
    keys: older(z.array(line), 'Has no effect: builds and tests get no secrets. Remove the section.'),
  }),
  'Has no effect: builds and tests get no secrets. Remove the section.',
);
