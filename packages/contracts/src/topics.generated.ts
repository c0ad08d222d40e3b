// Generated from schemas/ by `pnpm generate`. Do not edit.

/** Who publishes and who consumes each topic. */
export const topics = {
  code_push: {"says":"a run begins, repository, ref, commit, changed files, source snapshot, plan of the run by digest","publishers":["gitops"],"consumers":["build","code-analysis","test","iac","deploy","chatops"],"keptForever":false},
  build_ready: {"says":"artifacts (image digest or archive), or why not","publishers":["build"],"consumers":["test","code-analysis","gitops","chatops"],"keptForever":false},
  code_analysis: {"says":"summary of the findings and verdict, of unit source or artifact","publishers":["code-analysis"],"consumers":["iac","gitops","chatops"],"keptForever":false},
  test_results: {"says":"counts, coverage, flaky cases, verdict","publishers":["test"],"consumers":["iac","gitops","chatops"],"keptForever":false},
  iac_ready: {"says":"per environment, summary of the infrastructure plan and its outputs, or why not","publishers":["iac"],"consumers":["deploy","gitops","chatops"],"keptForever":false},
  deployment_triggered: {"says":"one move of a rollout, step, released, aborted or failed","publishers":["deploy"],"consumers":["observability","rollback","gitops","chatops"],"keptForever":true},
  deployment_health: {"says":"this step is healthy, or cannot be judged; the last one of a release is final","publishers":["observability"],"consumers":["deploy","gitops","chatops"],"keptForever":false},
  observability_alert: {"says":"this release is unhealthy, metric, value, threshold, baseline, attribution","publishers":["observability"],"consumers":["rollback","deploy","gitops","chatops"],"keptForever":false},
  rollback_event: {"says":"what was restored, to what and why, or why nothing was","publishers":["rollback"],"consumers":["iac","deploy","observability","gitops","chatops"],"keptForever":true},
  operator_command: {"says":"a person asks one addressee for something","publishers":["chatops","gitops"],"consumers":["gitops","build","code-analysis","test","iac","deploy","observability","rollback","chatops"],"keptForever":true},
} as const;
