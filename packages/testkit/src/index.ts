export { aContext, aRun, createMemoryArtifacts, silentLog, type Around } from './given-context.ts';
export { receive, type Receive } from './receive.ts';
export { receiveUntilEnd } from './receive-until-end.ts';
export { createFakeClock, type FakeClock } from './fake-clock.ts';
export { eventually, type Eventually } from './eventually.ts';
export { testEventBus, type EventBusHarness } from './contracts/event-bus.ts';
export { testDeadLetters } from './contracts/dead-letters.ts';
export { testHealthRoutes } from './contracts/health-routes.ts';
export { testRunningServices } from './contracts/running-services.ts';
export { aGithubDelivery, startFakeGithubApp, type FakeGithubApp } from './fakes/fake-github-app.ts';
export { startFakeGithub, type FakeGithub, type ShownStatus } from './fakes/fake-github.ts';
export { startFakeSlack, type FakeSlack, type SlackMessage } from './fakes/fake-slack.ts';
export { startHttpFake, type FakeAnswer, type HttpFake, type SeenRequest } from './fakes/http-fake.ts';
export { testArtifactStore, type ArtifactStoreUnderTest } from './contracts/artifact-store.ts';
export { testLogStore, type LogStoreUnderTest } from './contracts/log-store.ts';
export { arbitraryPayload } from './arbitrary-payload.ts';
export { testEventCodec } from './contracts/event-codec.ts';
export { testSandbox, testLimits as sandboxTestLimits, type SandboxUnderTest } from './contracts/sandbox.ts';
export { testTerraform, type TerraformUnderTest } from './contracts/terraform.ts';
export {
  startFakeCloudformation,
  type CloudformationReply,
  type CloudformationRequest,
  type FakeCloudformation,
} from './fakes/fake-cloudformation.ts';
export { installFakeTerraform } from './fakes/terraform/install-fake-terraform.ts';
export { testRunStoreJobs, type RunStoreUnderTest } from './contracts/run-store-jobs.ts';
export { testStoreRebuild, type StoreRebuildUnderTest } from './contracts/store-rebuild.ts';
export { testDurableTimers, type RestartableStore } from './contracts/durable-timers.ts';
export { testRunStoreRuns } from './contracts/run-store-runs.ts';
export { startService, type StartedService } from './start-service.ts';
export { readRecords } from './read-records.ts';
export { readFlagdFile, type Flagd } from './read-flagd-file.ts';
export { createSampleService } from './sample-service.ts';
export { untilShare, type ExpectedShare } from './traffic-share.ts';
export { startTraffic, type SeenTraffic, type Traffic } from './traffic.ts';
export { createFakeWorkbench, type FakeBench, type FakeWorkbench } from './fakes/fake-workbench.ts';
export { aBuildReady, aCodePush, anOperatorCommand, aPlan, packFiles } from './given-events.ts';
export { aFinish, aNewJob, anAdmission } from './given-run.ts';
export { checkInvariants } from './invariants/check-invariants.ts';
export { gatherFacts, type FactSources } from './invariants/gather-facts.ts';
export { recordBus, type RecordedBus } from './invariants/record-bus.ts';
export { describeViolation, invariants, type InvariantId, type Shown, type Violation } from './invariants/violation.ts';
export type * from './invariants/world-facts.ts';
export { startTcpProxy, type ProxyMode, type TcpProxy } from './proxy.ts';
export { forgetGroups, readLags } from './kafka-groups.ts';
export { testChat, type ChatUnderTest } from './contracts/chat.ts';
export { createFakeFlags, type FakeFlags } from './fakes/fake-flags.ts';
export { testFlags, type FlagsUnderTest } from './contracts/flags.ts';
export { testForge, type ForgeUnderTest } from './contracts/forge.ts';
export {
  testInfrastructure,
  type InfrastructureUnderTest,
  type WantedConfiguration,
} from './contracts/infrastructure.ts';
export { testImages, type ImageOrderUnderTest, type ImagesUnderTest } from './contracts/images.ts';
export { testGit, type GitUnderTest } from './contracts/git-source.ts';
export { testMeasurements, type MeasurementsUnderTest } from './contracts/measurements.ts';
export { testReleases, type ReleasesUnderTest, type StartableAnywhere } from './contracts/releases.ts';
export { aChatCompletion, startFakeOpenai } from './fakes/fake-openai.ts';
export { createFakeProposals, modelErrors, type FakeProposals } from './fakes/fake-proposals.ts';
export { aProposalRequest, testProposals, type ProposalsUnderTest } from './contracts/proposals.ts';
