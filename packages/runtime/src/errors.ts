// For adapters, which know no contracts. By themselves, for programs that shall be small: the supervisor of releases outlives us.
export { isDiskFull, OrchestraError, systemCodeOf, type ErrorCode } from '@orchestra/contracts/errors';
