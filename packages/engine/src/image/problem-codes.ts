import { Problem, type ProblemCode, type ProblemDetails } from '@seaworthy/model'

/** What can go wrong while an image is built or written. */
export const imageProblemCodes: readonly (ProblemCode & { readonly code: ImageProblemCode })[] = [
  {
    code: 'SW6701',
    title: 'a file of the image cannot be read',
    meaning: 'A file or folder that the image is made from is missing or not readable. Correct its path or its rights.',
  },
  {
    code: 'SW6702',
    title: 'a file changed while the image was built',
    meaning: 'Its content differed between hashing and packing. Stop what writes to it and build again.',
  },
  {
    code: 'SW6703',
    title: 'a path of the image is not usable',
    meaning: 'Paths inside an image are absolute, without `.` and `..`, and each stands for one thing in a layer.',
  },
  {
    code: 'SW6704',
    title: 'not an executable that can be packed',
    meaning: 'The base is made from a 64-bit ELF executable of Linux. Give the `node` binary of the target platform.',
  },
  {
    code: 'SW6705',
    title: 'a shared library was not found',
    meaning: 'An executable names a library that none of the searched folders holds. Install it, or give its folder.',
  },
  {
    code: 'SW6706',
    title: 'not an image reference',
    meaning: 'References read `[registry[:port]/]name[:tag]`, in lower case; a digest is computed, not given.',
  },
  {
    code: 'SW6707',
    title: 'a production dependency is not installed',
    meaning: 'A package that the application needs is not under any `node_modules` beside it. Run the package manager.',
  },
  {
    code: 'SW6708',
    title: 'a file lies outside the folder that is packed',
    meaning: 'A symbolic link or dependency leads out of the root. Give a root that holds it.',
  },
  {
    code: 'SW6709',
    title: 'an ignore pattern cannot be read',
    meaning: 'The pattern has an unclosed `[` or ends in a lone backslash.',
  },
  {
    code: 'SW6710',
    title: 'a cached layer is damaged',
    meaning: 'Its bytes no longer have the digest that names them. It has been removed; build the image again.',
  },
]

/** The codes of this folder. */
export type ImageProblemCode =
  | 'SW6701'
  | 'SW6702'
  | 'SW6703'
  | 'SW6704'
  | 'SW6705'
  | 'SW6706'
  | 'SW6707'
  | 'SW6708'
  | 'SW6709'
  | 'SW6710'

/** A problem of this folder, with its code checked by the compiler. */
export function imageProblem(details: Omit<ProblemDetails, 'code'> & { readonly code: ImageProblemCode }): Problem {
  return new Problem(details)
}
