/** What was measured of a release, beside its thresholds, and what was judged beyond them: a line each. */
export function renderWatch({ verdict, samples, checks, reason, judgement }) {
  const why = reason === null ? '' : ` (${words(reason)})`;
  return [
    `${verdict} after ${samples} samples${why}`,
    ...checks.map(renderCheck),
    ...(judgement === undefined ? [] : renderJudgement(judgement)),
  ];
}

function renderCheck({ metric, value, threshold, baseline, verdict }) {
  const shown = value === null ? 'no data' : round(value);
  const compared = baseline === null ? '' : `, compared with ${round(baseline)}`;
  if (value === null && verdict === 'NO_DATA') return `${metric} no data, threshold ${round(threshold)}${compared}`;
  return `${metric} ${words(verdict.toLowerCase())}, ${shown}, threshold ${round(threshold)}${compared}`;
}

function renderJudgement({ score, objectives, comparisons, warnings, problems }) {
  return [
    ...(score === null ? [] : [`score ${round(score)} of 100`]),
    ...objectives.map(
      ({ metric, verdict, value, weight, key }) =>
        `objective ${metric} ${words(verdict)}, ${value === null ? 'no data' : round(value)}, weight ${round(weight)}${key ? ', key' : ''}`,
    ),
    ...comparisons.map(
      ({ metric, verdict, reason, value, baseline }) =>
        `${metric} compared: ${verdict}, ${words(reason)}${value === null || baseline === null ? '' : `, ${round(value)} beside ${round(baseline)}`}`,
    ),
    ...warnings.map((metric) => `${metric} is beyond its warning threshold`),
    ...problems,
  ];
}

function words(text) {
  return text.replaceAll('_', ' ');
}

function round(value) {
  return String(Number(value.toPrecision(4)));
}
