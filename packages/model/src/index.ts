export { formatProblem, formatWhere, Problem, type ProblemCode, type ProblemDetails, type Where } from './problem.ts'
