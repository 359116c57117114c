/* The arithmetic of the labs, as in core/concepts and in Keras: tests hold all three equal.
   A plane is {height, width, values}, row by row. */

function plane(height, width, fill) {
  const values = new Float64Array(height * width);
  if (fill) for (let at = 0; at < values.length; at++) values[at] = fill(Math.floor(at / width), at % width);
  return { height, width, values };
}

function valueAt(one, row, column) {
  const inside = row >= 0 && column >= 0 && row < one.height && column < one.width;
  return inside ? one.values[row * one.width + column] : 0;
}

/* OpenCV's weights for grey, in whole numbers as it computes them. */
function greyOf(red, green, blue) {
  return (red * 9798 + green * 19235 + blue * 3735 + 16384) >> 15;
}

function placement(width, kernel, stride, before, after) {
  const room = width + before + after - kernel;
  const starts = [];
  for (let start = -before; start <= room - before; start += stride) starts.push(start);
  const missed = [];
  for (let pixel = 0; pixel < width; pixel++) {
    if (!starts.some((start) => pixel >= start && pixel < start + kernel)) missed.push(pixel);
  }
  return { starts, before, after, missed };
}

function kerasPadding(width, kernel, stride, padding) {
  if (padding === "valid") return [0, 0];
  const size = Math.ceil(width / stride);
  const total = Math.max((size - 1) * stride + kernel - width, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

function nearestFits(width, kernel, padding, stride) {
  const given = { W: width, F: kernel, P: padding, S: stride };
  const last = 2 * Math.max(...Object.values(given)) + 1;
  const found = [];
  for (const [letter, value] of Object.entries(given)) {
    const near = Array.from({ length: last + 1 }, (_, at) => at);
    near.sort((one, other) => Math.abs(one - value) - Math.abs(other - value) || one - other);
    for (const other of near) {
      const { W, F, P, S } = { ...given, [letter]: other };
      const room = W + 2 * P - F;
      if (other === value || W < 1 || F < 1 || S < 1 || room < 0 || room % S) continue;
      found.push({ letter, value: other, size: 1 + room / S });
      break;
    }
  }
  return found;
}

/* Pixels times weights under the window whose first pixel is there; outside the plane are zeros. */
function productsAt(one, kernel, row, column) {
  return plane(kernel.height, kernel.width, (down, across) =>
    valueAt(one, row + down, column + across) * kernel.values[down * kernel.width + across]);
}

function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function convolve(one, kernel, bias = 0) {
  const [rows, columns] = [one.height - kernel.height + 1, one.width - kernel.width + 1];
  const made = plane(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let total = 0;
      for (let down = 0; down < kernel.height; down++) {
        const from = (row + down) * one.width + column;
        for (let across = 0; across < kernel.width; across++) {
          total += one.values[from + across] * kernel.values[down * kernel.width + across];
        }
      }
      made.values[row * columns + column] = total + bias;
    }
  }
  return made;
}

function addPlanes(planes, bias = 0) {
  const { height, width } = planes[0];
  const made = plane(height, width);
  for (let at = 0; at < made.values.length; at++) {
    let total = 0;
    for (const one of planes) total += one.values[at];
    made.values[at] = total + bias;
  }
  return made;
}

function mapped(one, change) {
  return { height: one.height, width: one.width, values: Float64Array.from(one.values, change) };
}

function pool(one, size, stride, kind) {
  const rows = 1 + Math.floor((one.height - size) / stride);
  const columns = 1 + Math.floor((one.width - size) / stride);
  return plane(rows, columns, (row, column) => {
    let [most, total] = [-Infinity, 0];
    for (let down = 0; down < size; down++) {
      for (let across = 0; across < size; across++) {
        const value = one.values[(row * stride + down) * one.width + column * stride + across];
        most = Math.max(most, value);
        total += value;
      }
    }
    return kind === "max" ? most : total / (size * size);
  });
}

const LEAK = 0.2;
const BENDS = {
  none: (value) => value,
  relu: (value) => Math.max(value, 0),
  leaky_relu: (value) => (value < 0 ? LEAK * value : value),
  sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  tanh: (value) => Math.tanh(value),
};

function cropped(one, top, left, height, width) {
  return plane(height, width, (row, column) => valueAt(one, top + row, left + column));
}

/* The picture without its margin, moved down and right by less than it. */
function shifted(one, down, right, margin) {
  return cropped(one, margin - down, margin - right, one.height - 2 * margin, one.width - 2 * margin);
}

/* How much two maps without negative values differ: 0 the same, 1 nothing in common. */
function change(before, after) {
  let [off, whole] = [0, 0];
  before.values.forEach((value, at) => {
    off += Math.abs(after.values[at] - value);
    whole += value + after.values[at];
  });
  return whole ? off / whole : 0;
}

/* As Keras' Flatten: place by place, all maps at each. */
function flatten(maps) {
  const { height, width } = maps[0];
  const row = [];
  for (let at = 0; at < height * width; at++) for (const one of maps) row.push(one.values[at]);
  return row;
}

function globalAverage(maps) {
  return maps.map((one) => sum(one.values) / one.values.length);
}

function unitSum(values, weights, bias) {
  const contributions = values.map((value, at) => value * weights[at]);
  return { contributions, total: sum(contributions) + bias };
}
