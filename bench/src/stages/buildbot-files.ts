export const workerName = 'worker';
export const workerPassword = 'password';

export interface BuildbotSettings {
  /** Port of its HTTP side. */
  port: number;
  /** Port on which the worker reaches the master. */
  workerPort: number;
  secret: string;
  /** Gets the time of each end of a build, milliseconds since 1970, a line each. */
  ends: string;
}

/** master.cfg: one builder of six commands behind the GitHub hook, each push a build of its own, and as many at once. */
export function masterConfig({ port, workerPort, secret, ends }: BuildbotSettings): string {
  return `
import time
from twisted.internet import defer
from buildbot.plugins import schedulers, steps, util, worker
from buildbot.util.service import BuildbotService


class Ends(BuildbotService):
    name = "ends"

    @defer.inlineCallbacks
    def startService(self):
        yield super().startService()
        self.consumer = yield self.master.mq.startConsuming(self.note, ("builds", None, "finished"))

    def note(self, _key, build):
        with open(${JSON.stringify(ends)}, "a") as file:
            file.write("%d %d\\n" % (time.time() * 1000, build["results"]))


factory = util.BuildFactory([steps.ShellCommand(command=["true"]) for _ in range(6)])
BuildmasterConfig = {
    "workers": [worker.Worker("${workerName}", "${workerPassword}", max_builds=100)],
    "protocols": {"pb": {"port": "tcp:${workerPort}:interface=127.0.0.1"}},
    "schedulers": [schedulers.AnyBranchScheduler(name="all", treeStableTimer=None, builderNames=["empty"])],
    "builders": [util.BuilderConfig(name="empty", workernames=["${workerName}"], factory=factory, collapseRequests=False)],
    "services": [Ends()],
    "www": {
        "port": "tcp:${port}:interface=127.0.0.1",
        "change_hook_dialects": {"github": {"secret": ${JSON.stringify(secret)}, "strict": True}},
    },
    "db": {"db_url": "sqlite:///state.sqlite"},
    "title": "bench",
    "buildbotURL": "http://127.0.0.1:${port}/",
    "buildbotNetUsageData": None,
}
`;
}

/** Python that runs one of Buildbot's two command lines; its own scripts know the folder in which they were installed. */
export function commandLine(package_: 'buildbot' | 'buildbot_worker'): string {
  return `import sys; sys.argv[0] = '${package_}'; from ${package_}.scripts.runner import run; run()`;
}
