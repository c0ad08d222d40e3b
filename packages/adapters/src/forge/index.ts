export {
  createGithubForge,
  type CommitStatus,
  type Forge,
  type GithubOptions,
  type GithubStatusAnswer,
} from './github-forge.ts';
export { createWebhookReader, type Webhook, type WebhookReader, type WebhookSecrets } from './parse-webhook.ts';
