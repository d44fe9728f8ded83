import { engineConformance } from '../conformance/engine-conformance.ts'
import { machineRig } from './testing/machine-rig.ts'

engineConformance('the machine engine', () => machineRig())
