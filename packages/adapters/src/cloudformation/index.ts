export { createCloudformation, type Cloudformation, type CloudformationOptions } from './create-cloudformation.ts';
