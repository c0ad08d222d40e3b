import { z } from 'zod';

const refSchema = z.looseObject({
  group: z.string().default(''),
  kind: z.string().default('Service'),
  name: z.string(),
  namespace: z.string().optional(),
  weight: z.int().min(0).default(1),
});
const matchSchema = z.looseObject({ headers: z.array(z.looseObject({ name: z.string() })).optional() });
const ruleSchema = z.looseObject({
  matches: z.array(matchSchema).optional(),
  backendRefs: z.array(refSchema).optional(),
});

/** The rules of an HTTPRoute; what is not named here is kept as it is. */
export const rulesSchema = z.array(ruleSchema).default([]);

export type Rules = z.output<typeof rulesSchema>;
type Rule = Rules[number];
type Ref = z.output<typeof refSchema>;

/** The Services of a target that a route leads to. */
export interface Backends {
  namespace: string;
  stable: string;
  canary: string;
}

/** Rules that share the traffic, and the weights that the stable Service had in them, in order; or why there are none. */
export type SharedRules = { kind: 'shared'; rules: Rules; was: number[] } | { kind: 'refused'; why: string };

const mostRules = 16;

/**
 * Gives the canary its share in each rule that leads to the stable Service, and all requests with the header `canary: true`
 * by a rule before it. Other rules and other backends stay; beside these the two share what the stable one had.
 *
 * @param plain rules without a canary
 * @see https://gateway-api.sigs.k8s.io/guides/traffic-splitting/
 */
export function sharedRules(plain: Rules, backends: Backends, percent: number): SharedRules {
  const was: number[] = [];
  const rules: Rule[] = [];
  for (const rule of plain) {
    const own = refsOf(rule).find((ref) => isTo(ref, backends, backends.stable) && ref.weight > 0);
    if (own === undefined) {
      rules.push(rule);
      continue;
    }
    const weights = splitWeight(rule, own, percent);
    if (weights === null) return { kind: 'refused', why: unevenBeside(own, percent) };
    was.push(own.weight);
    const [stable, canary] = weights;
    const both = [
      { ...own, weight: stable },
      { ...own, name: backends.canary, weight: canary },
    ];
    const byHeader = headerRule(rule, { ...own, name: backends.canary, weight: 1 });
    rules.push(...byHeader, { ...rule, backendRefs: refsOf(rule).flatMap((ref) => (ref === own ? both : [ref])) });
  }
  if (was.length === 0) return { kind: 'refused', why: `has no rule that leads to the Service ${backends.stable}` };
  if (rules.length <= mostRules) return { kind: 'shared', rules, was };
  const why = `would have ${rules.length} rules with those for the header, and a route has ${mostRules} at most`;
  return { kind: 'refused', why };
}

/**
 * Takes the canary out of rules, wherever it is by now.
 *
 * @param was the weights that the stable Service had, in order; where they do not fit, they follow from what is there
 */
export function plainRules(rules: Rules, backends: Backends, was: readonly number[]): Rules {
  const { stable, canary } = backends;
  const kept = rules.filter((rule) => !isForHeader(rule, backends));
  const shared = kept.filter((rule) => refsOf(rule).some((ref) => isTo(ref, backends, canary)));
  return kept.map((rule) => {
    const refs = refsOf(rule);
    const at = shared.indexOf(rule);
    if (at === -1) return rule;
    const taken = refs.filter((ref) => isTo(ref, backends, canary)).reduce((sum, { weight }) => sum + weight, 0);
    const rest = refs.filter((ref) => !isTo(ref, backends, canary));
    const own = rest.find((ref) => isTo(ref, backends, stable));
    const before = was.length === shared.length ? was[at] : undefined;
    // Where somebody has taken the stable one out, it comes back in the place of its canary.
    if (own === undefined) {
      return {
        ...rule,
        backendRefs: refs.map((ref) => (isTo(ref, backends, canary) ? { ...ref, name: stable } : ref)),
      };
    }
    const weight = before ?? (rest.length === 1 ? 1 : own.weight + taken);
    return { ...rule, backendRefs: rest.map((ref) => (ref === own ? { ...ref, weight } : ref)) };
  });
}

/** Whether any rule leads to the stable Service. */
export function leadsToStable(rules: Rules, backends: Backends): boolean {
  return rules.some((rule) => weightOf(rule, backends, backends.stable) > 0);
}

/** The share of the canary that rules give it, in percent; where they differ the largest. Null: none has it. */
export function readShare(rules: Rules, backends: Backends): number | null {
  const shares = rules
    .filter((rule) => !isForHeader(rule, backends))
    .flatMap((rule) => {
      const canary = weightOf(rule, backends, backends.canary);
      const all = canary + weightOf(rule, backends, backends.stable);
      return canary === 0 ? [] : [Math.round((canary * 10_000) / all) / 100];
    });
  return shares.length === 0 ? null : Math.max(...shares);
}

function weightOf(rule: Rule, backends: Backends, name: string): number {
  return refsOf(rule)
    .filter((ref) => isTo(ref, backends, name))
    .reduce((sum, { weight }) => sum + weight, 0);
}

// By itself it shares in hundredths; beside others within what the rule gave it.
function splitWeight(rule: Rule, own: Ref, percent: number): [number, number] | null {
  const others = refsOf(rule).some((ref) => ref !== own && ref.weight > 0);
  const byItself = Number.isInteger(percent) ? 100 : 10_000;
  const all = others ? own.weight : byItself;
  const canary = Math.round((all * percent) / 100);
  const isNear = Math.abs((canary * 100) / all - percent) <= 1;
  return isNear && canary > 0 && canary < all ? [all - canary, canary] : null;
}

function unevenBeside({ name, weight }: Ref, percent: number): string {
  return (
    `gives the Service ${name} a weight of ${weight} beside other backends, of which ${percent} % cannot be expressed: ` +
    'write all weights of that rule a hundred times as large'
  );
}

const header = { type: 'Exact', name: 'canary', value: 'true' };
const anyPath = { path: { type: 'PathPrefix', value: '/' } };

// A rule that looks at this header by itself is left to whoever wrote it.
function headerRule(rule: Rule, canary: Ref): Rule[] {
  const { name: _name, ...rest } = rule;
  const matches = rule.matches === undefined || rule.matches.length === 0 ? [anyPath] : rule.matches;
  const open = matches.map((match) => matchSchema.parse(match)).filter((match) => !looksAtHeader(match));
  if (open.length === 0) return [];
  const named = open.map((match) => ({ ...match, headers: [...(match.headers ?? []), header] }));
  return [{ ...rest, matches: named, backendRefs: [canary] }];
}

function looksAtHeader({ headers = [] }: z.output<typeof matchSchema>): boolean {
  return headers.some(({ name }) => name.toLowerCase() === header.name);
}

// Only ours lead to nothing but the canary.
function isForHeader(rule: Rule, backends: Backends): boolean {
  const refs = refsOf(rule);
  const matches = rule.matches ?? [];
  const isOnly = refs.length > 0 && refs.every((ref) => isTo(ref, backends, backends.canary));
  return isOnly && matches.length > 0 && matches.every(looksAtHeader);
}

function refsOf({ backendRefs = [] }: Rule): Ref[] {
  return backendRefs;
}

function isTo({ group, kind, name, namespace }: Ref, backends: Backends, service: string): boolean {
  return (
    group === '' && kind === 'Service' && name === service && (namespace ?? backends.namespace) === backends.namespace
  );
}
