import { parse } from 'yaml';
import { z } from 'zod';
import { listServices, readOptional, type Rule } from './tree.ts';

const deployment = z.object({ services: z.record(z.string(), z.unknown()) });

/** Each service is in compose.yaml and in the values of the chart under its own name. */
export const deployedServices: Rule = (tree) =>
  ['compose.yaml', 'deploy/chart/values.yaml'].flatMap((path) => {
    const text = readOptional(tree, path);
    if (text === null) return [`${path}: is missing`];
    const { services } = deployment.parse(parse(text));
    const missing = listServices(tree).filter((name) => !(name in services));
    return missing.map((name) => `${path}: has no service ${name}`);
  });
