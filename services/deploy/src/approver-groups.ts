import { z } from 'zod';

const entry = /^(?<name>[A-Za-z0-9][A-Za-z0-9._@-]{0,99}):(?<group>[^\s,:][^,:]{0,199})$/;

/** Who is in which groups, by the names of tokens. */
export type ApproverGroups = ReadonlyMap<string, readonly string[]>;

/** What deploy reads of groups from the environment. */
export const approverEnv = z.object({
  /** Who is in which groups that may approve releases: `name:group` by the names of tokens, such as `ada:sre,grace:sre,ada:leads`. */
  APPROVER_GROUPS: z
    .string()
    .default('')
    .transform((text, context): ApproverGroups => {
      const groups = new Map<string, readonly string[]>();
      for (const part of text.split(',').map((each) => each.trim())) {
        const { name, group } = entry.exec(part)?.groups ?? {};
        if (part === '') continue;
        if (name === undefined || group === undefined) {
          context.addIssue({ code: 'custom', message: `\`${part}\` is not name:group` });
          continue;
        }
        groups.set(name, [...(groups.get(name) ?? []), group]);
      }
      return groups;
    }),
});
