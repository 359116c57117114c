// A small network in plain numbers: every layer's values for one picture, as Keras computes them.
// Values lie row by row, all maps of a place beside each other; a layer is one of the operations
// in core/inspection/live_layers.py. Runs in the page and in a worker, so it knows no page.

function readNetwork(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const network = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const all = new Float32Array(buffer, 4 + length);
  for (const layer of network.layers) {
    for (const [name, [first, count]] of Object.entries(layer.weights)) {
      layer.weights[name] = all.subarray(first, first + count);
    }
  }
  return network;
}

/* The values of every layer, in their order, for a picture of network.picture, 0 to 255. */
function runNetwork(network, picture) {
  const values = [];
  for (const layer of network.layers) {
    const inputs = layer.sources.map((at) => at < 0 ? picture : values[at]);
    const shapes = layer.sources.map((at) => at < 0 ? network.picture : network.layers[at].shape);
    values.push(OPERATIONS[layer.kind](layer, inputs[0], shapes[0], inputs));
  }
  return values;
}

const OPERATIONS = {
  conv: (layer, x, shape) => {
    const { kernel, bias } = layer.weights;
    return bend(layer, convolve(x, shape, kernel, bias, layer, layer.shape));
  },
  depthwise: (layer, x, shape) => {
    const { kernel, bias } = layer.weights;
    return bend(layer, convolveEach(x, shape, kernel, bias, layer, layer.shape));
  },
  separable: (layer, x, shape) => {
    const { kernel, pointwise, bias } = layer.weights;
    const [height, width, maps] = layer.shape;
    const middle = [height, width, pointwise.length / maps];
    const each = convolveEach(x, shape, kernel, undefined, layer, middle);
    const point = { window: [1, 1], strides: [1, 1], padding: "valid" };
    return bend(layer, convolve(each, middle, pointwise, bias, point, layer.shape));
  },
  dense: (layer, x) => {
    const { kernel, bias } = layer.weights;
    const one = { window: [1, 1], strides: [1, 1], padding: "valid" };
    const out = [1, 1, layer.shape[0]];
    return bend(layer, convolve(x, [1, 1, x.length], kernel, bias, one, out));
  },
  pool: (layer, x, shape) => pool(layer, x, shape),
  global: (layer, x, shape) => {
    const maps = layer.shape[0], places = shape[0] * shape[1], out = new Float32Array(maps);
    for (let map = 0; map < maps; map++) {
      let sum = 0, most = -Infinity;
      for (let at = map; at < x.length; at += maps) {
        sum += x[at];
        if (x[at] > most) most = x[at];
      }
      out[map] = layer.how === "max" ? most : sum / places;
    }
    return out;
  },
  scale: (layer, x, shape) => {
    const { factor, offset } = layer.weights, maps = shape[shape.length - 1];
    const out = new Float32Array(x.length);
    for (let at = 0; at < x.length; at++) {
      const map = at % maps;
      out[at] = x[at] * factor[factor.length > 1 ? map : 0] + offset[offset.length > 1 ? map : 0];
    }
    return out;
  },
  bend: (layer, x) => bend(layer, Float32Array.from(x)),
  same: (layer, x) => x,
  flatten: (layer, x) => x,
  add: (layer, x, shape, inputs) => {
    const out = Float32Array.from(x);
    for (const other of inputs.slice(1)) for (let at = 0; at < out.length; at++) out[at] += other[at];
    return out;
  },
};

/* Where the window of output place 0 begins; TensorFlow puts the odd zero of "same" behind. */
function before(layer, axis, size, count) {
  if (layer.padding !== "same") return 0;
  const zeros = (count - 1) * layer.strides[axis] + layer.window[axis] - size;
  return Math.floor(Math.max(zeros, 0) / 2);
}

/* Zeros, of which there are many after a relu and around a drawing, cost nothing. */
function convolve(x, [height, width, maps], kernel, bias, layer, [rows, columns, filters]) {
  const [[tall, wide], [down, across]] = [layer.window, layer.strides];
  const top = before(layer, 0, height, rows), left = before(layer, 1, width, columns);
  const out = new Float32Array(rows * columns * filters);
  const found = new Float64Array(tall * wide * maps), places = new Int32Array(found.length);
  const whole = filters - filters % 8;
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
    let count = 0;
    for (let i = 0; i < tall; i++) {
      const y = row * down - top + i;
      if (y < 0 || y >= height) continue;
      for (let j = 0; j < wide; j++) {
        const z = column * across - left + j;
        if (z < 0 || z >= width) continue;
        const start = (y * width + z) * maps, weights = (i * wide + j) * maps;
        for (let map = 0; map < maps; map++) {
          const value = x[start + map];
          if (value === 0) continue;
          found[count] = value;
          places[count++] = (weights + map) * filters;
        }
      }
    }
    const to = (row * columns + column) * filters;
    for (let first = 0; first < whole; first += 8) {
      let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
      for (let n = 0; n < count; n++) {
        const value = found[n], at = places[n] + first;
        a += value * kernel[at];
        b += value * kernel[at + 1];
        c += value * kernel[at + 2];
        d += value * kernel[at + 3];
        e += value * kernel[at + 4];
        f += value * kernel[at + 5];
        g += value * kernel[at + 6];
        h += value * kernel[at + 7];
      }
      const at = to + first;
      [out[at], out[at + 1], out[at + 2], out[at + 3]] = [a, b, c, d];
      [out[at + 4], out[at + 5], out[at + 6], out[at + 7]] = [e, f, g, h];
    }
    for (let filter = whole; filter < filters; filter++) {
      let sum = 0;
      for (let n = 0; n < count; n++) sum += found[n] * kernel[places[n] + filter];
      out[to + filter] = sum;
    }
    if (bias) for (let filter = 0; filter < filters; filter++) out[to + filter] += bias[filter];
  }
  return out;
}

/* One filter, or several, for each map by itself. */
function convolveEach(x, [height, width, maps], kernel, bias, layer, [rows, columns, filters]) {
  const [[tall, wide], [down, across]] = [layer.window, layer.strides];
  const top = before(layer, 0, height, rows), left = before(layer, 1, width, columns);
  const copies = filters / maps, out = new Float32Array(rows * columns * filters);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
    for (let filter = 0; filter < filters; filter++) {
      const map = Math.floor(filter / copies);
      let sum = bias ? bias[filter] : 0;
      for (let i = 0; i < tall; i++) {
        const y = row * down - top + i;
        if (y < 0 || y >= height) continue;
        for (let j = 0; j < wide; j++) {
          const z = column * across - left + j;
          if (z < 0 || z >= width) continue;
          sum += x[(y * width + z) * maps + map] * kernel[(i * wide + j) * filters + filter];
        }
      }
      out[(row * columns + column) * filters + filter] = sum;
    }
  }
  return out;
}

/* Padding is neither counted for the average nor compared for the highest. */
function pool(layer, x, [height, width, maps]) {
  const [[tall, wide], [down, across]] = [layer.window, layer.strides];
  const [rows, columns] = layer.shape;
  const top = before(layer, 0, height, rows), left = before(layer, 1, width, columns);
  const out = new Float32Array(rows * columns * maps);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
    const [y0, x0] = [row * down - top, column * across - left];
    const [y1, x1] = [Math.min(y0 + tall, height), Math.min(x0 + wide, width)];
    for (let map = 0; map < maps; map++) {
      let sum = 0, count = 0, most = -Infinity;
      for (let y = Math.max(y0, 0); y < y1; y++) for (let z = Math.max(x0, 0); z < x1; z++) {
        const value = x[(y * width + z) * maps + map];
        sum += value;
        count++;
        if (value > most) most = value;
      }
      out[(row * columns + column) * maps + map] = layer.how === "max" ? most : sum / count;
    }
  }
  return out;
}

/* Bends all values where they lie. */
function bend(layer, out) {
  if (layer.bend === "softmax") return softmax(out, layer.shape[layer.shape.length - 1]);
  if (!layer.bend || layer.bend === "linear") return out;
  const most = layer.most ?? Infinity, slope = layer.slope ?? 0, curve = CURVES[layer.bend];
  for (let at = 0; at < out.length; at++) out[at] = Math.min(curve(out[at], slope), most);
  return out;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const hardSigmoid = (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1);
const SELU = [1.0507009873554805, 1.6732632423543772];
const CURVES = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leaky_relu: (x, slope) => x > 0 ? x : slope * x,
  elu: (x) => x > 0 ? x : Math.expm1(x),
  selu: (x) => SELU[0] * (x > 0 ? x : SELU[1] * Math.expm1(x)),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  tanh: Math.tanh,
  sigmoid,
  hard_sigmoid: hardSigmoid,
  silu: (x) => x * sigmoid(x),
  hard_silu: (x) => x * hardSigmoid(x),
  mish: (x) => x * Math.tanh(softplus(x)),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  exponential: Math.exp,
};

function softmax(out, classes) {
  for (let first = 0; first < out.length; first += classes) {
    const own = out.subarray(first, first + classes);
    const most = own.reduce((a, b) => Math.max(a, b), -Infinity);
    const parts = Array.from(own, (value) => Math.exp(value - most));
    const sum = parts.reduce((a, b) => a + b, 0);
    own.set(parts.map((part) => part / sum));
  }
  return out;
}

/* Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.5 and 7.1.14. */
function erf(x) {
  const size = Math.abs(x);
  let result;
  if (size < 2.5) {
    let term = size, sum = size;
    for (let n = 1; Math.abs(term) > 1e-12; n++) {
      term *= -size * size / n;
      sum += term / (2 * n + 1);
    }
    result = 2 / Math.sqrt(Math.PI) * sum;
  } else {
    let fraction = size;
    for (let n = 40; n > 0; n--) fraction = size + n / 2 / fraction;
    result = 1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / fraction;
  }
  return Math.sign(x) * result;
}
