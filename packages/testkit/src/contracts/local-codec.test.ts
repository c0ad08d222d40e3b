import { createLocalCodec } from '@orchestra/contracts';
import { testEventCodec } from './event-codec.ts';

testEventCodec('createLocalCodec', async () => createLocalCodec());
