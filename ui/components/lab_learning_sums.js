/* The arithmetic of the labs about learning, as `core.concepts` has it. */
function softmaxOf(scores, temperature = 1) {
  const highest = Math.max(...scores);
  const raised = scores.map((score) => Math.exp((score - highest) / temperature));
  const sum = raised.reduce((total, one) => total + one, 0);
  return raised.map((one) => one / sum);
}

function sigmoidOf(score) {
  return 1 / (1 + Math.exp(-score));
}

function crossEntropyOf(share) {
  return -Math.log(share);
}

function mean(values) {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/* How far the line `bias + weight · x` is off: the mean of the squares. */
function squareLoss(points, weight, bias = 0) {
  return mean(points.map(([x, y]) => (bias + weight * x - y) ** 2));
}

/* Its slopes along the weight and along the bias. */
function squareSlopes(points, weight, bias = 0) {
  const off = points.map(([x, y]) => [x, bias + weight * x - y]);
  return [mean(off.map(([x, error]) => 2 * error * x)), mean(off.map(([, error]) => 2 * error))];
}

const RULES = {
  plain: (state, slopes, rate) => ({
    weights: state.weights.map((weight, at) => weight - rate * slopes[at]),
  }),
  momentum: (state, slopes, rate, { momentum = 0.9 } = {}) => {
    const speed = (state.speed ?? [0, 0]).map((one, at) => momentum * one - rate * slopes[at]);
    return { speed, weights: state.weights.map((weight, at) => weight + speed[at]) };
  },
  adam: (state, slopes, rate, { first = 0.9, second = 0.999, epsilon = 1e-7 } = {}) => {
    const steps = (state.steps ?? 0) + 1;
    const means = (state.means ?? [0, 0]).map((one, at) => one + (slopes[at] - one) * (1 - first));
    const squares = (state.squares ?? [0, 0])
      .map((one, at) => one + (slopes[at] ** 2 - one) * (1 - second));
    const size = rate * Math.sqrt(1 - second ** steps) / (1 - first ** steps);
    return { steps, means, squares, weights: state.weights.map((weight, at) =>
      weight - size * means[at] / (Math.sqrt(squares[at]) + epsilon)) };
  },
};

/* The network of five weights: x → two hidden values → one answer, and its way back. */
function bendOf(kind, z) {
  return kind === "relu" ? Math.max(z, 0) : sigmoidOf(z);
}

function bendSlope(kind, z) {
  if (kind === "relu") return z > 0 ? 1 : 0;
  return sigmoidOf(z) * (1 - sigmoidOf(z));
}

function fiveWeights({ x, target, w1, w2, v1, v2, b, kind }) {
  const z1 = w1 * x, z2 = w2 * x;
  const h1 = bendOf(kind, z1), h2 = bendOf(kind, z2);
  const y = v1 * h1 + v2 * h2 + b;
  const dy = 2 * (y - target);
  const dh1 = dy * v1, dh2 = dy * v2;
  const s1 = bendSlope(kind, z1), s2 = bendSlope(kind, z2);
  const dz1 = dh1 * s1, dz2 = dh2 * s2;
  return { z1, z2, h1, h2, y, loss: (y - target) ** 2, dy, dh1, dh2, s1, s2, dz1, dz2,
    slopes: { w1: dz1 * x, w2: dz2 * x, v1: dy * h1, v2: dy * h2, b: dy } };
}

/* Mean and variance of a batch, as batch normalisation takes them. */
function momentsOf(values) {
  const middle = mean(values);
  return [middle, mean(values.map((value) => (value - middle) ** 2))];
}

function normalised(value, middle, variance, gamma, beta, epsilon) {
  const plain = (value - middle) / Math.sqrt(variance + epsilon);
  return [plain, gamma * plain + beta];
}

function moved(moving, fresh, momentum) {
  return moving * momentum + fresh * (1 - momentum);
}
