export {
  createGithubDeliveries,
  type Deliveries,
  type Delivery,
  type GithubAppOptions,
  type GithubDelivery,
} from './github-app.ts';
export type { GithubLimits } from './create-octokit.ts';
export {
  createGithubForge,
  type CommitStatus,
  type Forge,
  type GithubOptions,
  type GithubStatusAnswer,
} from './github-forge.ts';
export { createWebhookReader, type Webhook, type WebhookReader, type WebhookSecrets } from './parse-webhook.ts';
