import { parse } from 'yaml';
import { z } from 'zod';
import { listServices, readOptional, type Rule } from './tree.ts';

const compose = z.object({ services: z.record(z.string(), z.unknown()) });

/** Each service is in compose.yaml under its own name. */
export const composeServices: Rule = (tree) => {
  const text = readOptional(tree, 'compose.yaml');
  if (text === null) return ['compose.yaml: is missing'];
  const { services } = compose.parse(parse(text));
  const missing = listServices(tree).filter((name) => !(name in services));
  return missing.map((name) => `compose.yaml: has no service ${name}`);
};
