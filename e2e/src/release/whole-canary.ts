/** What a canary of two steps does to a target on which `r1` and `r2` are, in this order. */
export const canaryEffects = ['r3 has 1', 'shares {"r3":50,"r2":50}', 'r3 has 2', 'shares {"r3":100}', 'r1 is gone'];

/** As a canary of two steps is told, nothing twice, from the time on at which it has all that it needs. */
export const canaryStory = [
  'iac_ready',
  'deployment_triggered STEP',
  'deployment_health',
  'deployment_triggered STEP',
  'deployment_health',
  'deployment_triggered RELEASED',
  'deployment_health',
];
