import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { ProposedFile } from './proposals.ts';

/** The form that the model is held to. */
export const answerSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'content'],
        properties: { path: { type: 'string' }, content: { type: 'string' } },
      },
    },
  },
} as const;

const answered = z.object({ files: z.array(z.object({ path: z.string(), content: z.string() })).min(1) });

const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});

/**
 * Reads the files out of a chat completion.
 *
 * @throws OrchestraError `MODEL_REFUSED`, not retriable: a refusal, a cut answer, or another form
 */
export function parseAnswer(reply: unknown): readonly ProposedFile[] {
  const choice = completion.safeParse(reply).data?.choices[0];
  if (choice === undefined) throw refuse('The model answered with no chat completion');
  const { finish_reason: ending, message } = choice;
  if (message.refusal) throw refuse('The model refused to propose anything');
  if (ending === 'length') throw refuse('The answer of the model was cut at its limit');
  const parsed = answered.safeParse(parseJson(message.content ?? ''));
  if (!parsed.success) throw refuse('The answer of the model does not have the form that was asked for');
  return parsed.data.files;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refuse(message: string): OrchestraError {
  return new OrchestraError('MODEL_REFUSED', message);
}
