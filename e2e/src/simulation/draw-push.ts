import { hex } from './actor-clock.ts';
import { drawTraits, traitsFile } from './commit.ts';
import { drawShape, writePipeline, type Shape } from './pipeline-text.ts';
import type { Random } from './random.ts';
import { cloneTemplate } from './starters.ts';
import type { World } from './world.ts';

/** A push as its delivery tells of it. */
export interface Push {
  delivery: string;
  repository: string;
  ref: string;
  commit: string;
  before: string;
}

const zero = '0'.repeat(40);

/** Draws pushes to one or two repositories: their pipeline files are of one shape, their commits differ in what they do. */
export function createPushes({ outside }: World, random: Random): () => Push {
  const shapes = new Map<string, Shape>();
  const heads = new Map<string, string>();
  const repositories = random.chance(0.3) ? ['acme/shop', 'acme/api'] : ['acme/shop'];
  let count = 0;

  function shapeOf(repository: string): Shape {
    const shape = shapes.get(repository) ?? drawShape(random);
    shapes.set(repository, shape);
    return shape;
  }

  return () => {
    count += 1;
    const repository = random.find(repositories) ?? 'acme/shop';
    const ref = `refs/heads/${random.pick(['main', 'main', 'main', 'dev', 'fix'])}`;
    const commit = hex(random, 40);
    const url = cloneTemplate.replaceAll('{repository}', repository);
    const pipeline = random.chance(0.04) ? '{ not a pipeline' : writePipeline(shapeOf(repository));
    const traits = JSON.stringify(drawTraits(random));
    const files = { 'devops_orchestra.yaml': pipeline, [traitsFile]: traits, commit, Dockerfile: 'FROM scratch' };
    outside.repositories.commit(url, commit, files);
    outside.repositories.move(url, ref, commit);
    const before = heads.get(`${repository} ${ref}`) ?? zero;
    heads.set(`${repository} ${ref}`, commit);
    return { delivery: `delivery-${count}`, repository, ref, commit, before };
  };
}
