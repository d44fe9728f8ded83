import type { ControllerExtension } from '@seaworthy/engine'
import { releaseExtension } from '@seaworthy/release'

/** What the controller does besides running the fleet: releases, experiments, backups, the dashboard each add theirs here. */
export const controllerExtensions: readonly ControllerExtension[] = [releaseExtension]
