import { step } from './fragments/step.ts';

/** Arguments: command, key (without the prefix), rest. One plain command, refused while the store is not initialized. */
export const plainCommand = `${step}
return redis.call(A.command, P .. A.key, unpack(A.rest))
`;
