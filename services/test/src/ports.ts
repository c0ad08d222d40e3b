import type { Workbench } from '@orchestra/adapters/workbench';

export interface Ports {
  workbench: Workbench;
}
