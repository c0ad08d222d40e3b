import { testProposals } from '../contracts/proposals.ts';
import { createFakeProposals, modelErrors } from './fake-proposals.ts';

testProposals('the fake', async () => {
  const fake = createFakeProposals();
  const errors = { 'is down': modelErrors.down, refuses: modelErrors.refuses, 'is silent': null };
  return {
    proposals: fake,
    asked: () => fake.asked.length,
    next: (misbehaviour) => void fake.next.push(errors[misbehaviour]),
    close: async () => {},
  };
});
