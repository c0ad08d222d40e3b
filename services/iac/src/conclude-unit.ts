import type { Conclusion, Ended } from '@orchestra/runtime';
import { afterCut } from './after-cut.ts';
import { ownSlice } from './decide.ts';
import { environmentOf } from './environment.ts';
import type { Context } from './gather-work.ts';
import type { Ports } from './ports.ts';
import { report } from './report.ts';

/** The end of a unit that could not do its work. One that died while it applied never ends as if it had done nothing. */
export async function concludeUnit(conclusion: Conclusion, context: Context, ports: Ports): Promise<Ended<'iac'>> {
  const { status, reason, message } = conclusion;
  const environment = environmentOf(context);
  const slice = ownSlice(context.run.slices.iac[environment], context.job.generation);
  if (slice?.phase !== 'applying') return report(context, { status, reason, message });
  const { infrastructure } = await context.plan();
  if (infrastructure === null) return report(context, { status, reason, message });
  const tool = await ports.findTool(infrastructure.tool);
  return afterCut({ context, ports, tool, infrastructure, environment }, { slice, message });
}
