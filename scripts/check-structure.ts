// `npm run structure`: the rooms are alike, tables and handlers agree, imports follow the design. The third of the locks,
// after strict node_modules and the linter.
import { deployedServices } from './structure/deployed-services.ts';
import { embeddedServices } from './structure/embedded-services.ts';
import { equalScripts } from './structure/equal-scripts.ts';
import { fileNames } from './structure/file-names.ts';
import { fileSizes } from './structure/file-sizes.ts';
import { handlers } from './structure/handlers.ts';
import { importTable } from './structure/import-table.ts';
import { references } from './structure/references.ts';
import { roomFiles } from './structure/room-files.ts';
import { topicTables } from './structure/topic-tables.ts';
import { readTree } from './structure/tree.ts';
import { root, say } from './run-command.ts';

const rules = [
  roomFiles,
  equalScripts,
  handlers,
  topicTables,
  importTable,
  fileNames,
  fileSizes,
  deployedServices,
  embeddedServices,
  references,
];

const tree = readTree(root);
const problems = rules.flatMap((rule) => rule(tree));
for (const problem of problems) say(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
