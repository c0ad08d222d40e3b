import { step } from './fragments/step.ts';

/** Arguments: service, positions. Forgets records that were published; those that are gone already do not matter. */
export const acknowledge = `${step}
if #A.positions == 0 then return 0 end
return redis.call('XDEL', P .. 'outbox:' .. A.service, unpack(A.positions))
`;
