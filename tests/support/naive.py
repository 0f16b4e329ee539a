"""Slow and obvious versions of the kernels: plain Python, float64, one update at a time."""

import functools
import math

import numpy as np

MASK = 0xFFFFFFFF
PURPOSE = {
    "update": 0,
    "start": 1,
    "order": 2,
    "bits": 3,
    "thermal": 7,
    "exchange": 9,
    "cluster": 10,
    "oscillator": 11,
}


def _substitutes():
    """The S-box of AES, from inverses in GF(2^8)."""

    def times(x, y):
        product = 0
        while y:
            product ^= x if y & 1 else 0
            x = x << 1 ^ (0x11B if x & 0x80 else 0)
            y >>= 1
        return product

    box = []
    for value in range(256):
        inverse = next((x for x in range(256) if times(value, x) == 1), 0)
        bits = [inverse >> k & 1 for k in range(8)]
        mixed = [sum(bits[(k + j) % 8] for j in (0, 4, 5, 6, 7)) % 2 for k in range(8)]
        box.append(sum(bit << k for k, bit in enumerate(mixed)) ^ 0x63)
    return box


S_BOX = _substitutes()


def aes_round(state, key, last=False):
    """One round of AES (FIPS 197) on 16 bytes, column after column."""
    out = []
    for column in range(4):
        a = [S_BOX[state[(4 * (column + row) + row) % 16]] for row in range(4)]
        if not last:
            double = [x << 1 ^ (0x11B if x & 0x80 else 0) for x in a]
            a = [
                double[r] ^ double[(r + 1) % 4] ^ a[(r + 1) % 4] ^ a[(r + 2) % 4] ^ a[(r + 3) % 4]
                for r in range(4)
            ]
        out += a
    return bytes(x ^ k for x, k in zip(out, key, strict=True))


@functools.lru_cache(maxsize=2**16)
def ars(counter, key, rounds=7):
    """ARS as in Salmon et al. (2011), section 4.2, on four words and two or four of a key."""
    state = b"".join(word.to_bytes(4, "little") for word in counter)
    low, high = (k0 | k1 << 32 for k0, k1 in ((*key, 0, 0)[:2], (*key, 0, 0)[2:4]))
    for step in range(rounds + 1):
        k = low.to_bytes(8, "little") + high.to_bytes(8, "little")
        if step == 0:
            state = bytes(x ^ y for x, y in zip(state, k, strict=True))
        else:
            state = aes_round(state, k, last=step == rounds)
        low = (low + 0x9E3779B97F4A7C15) % 2**64
        high = (high + 0xBB67AE8584CAA73B) % 2**64
    return tuple(int.from_bytes(state[4 * k : 4 * k + 4], "little") for k in range(4))


def word(seed, slot, sweep, read, purpose):
    """The 32-bit word of stream layout 2."""
    tag = PURPOSE[purpose] << 28 | (sweep >> 32 & 0xFFF) << 16
    counter = (slot // 4, sweep & MASK, read, tag)
    return ars(counter, (seed & MASK, seed >> 32))[slot % 4]


def bitwise_uniform(seed, site, sweep, read):
    """The 32-bit number whose bits, from the top, the bit-sliced kernel draws for a read."""
    u = 0
    for draw in range(32):
        tag = PURPOSE["bits"] << 28 | (sweep >> 32 & 0xFFF) << 16 | draw
        words = ars((site, sweep & MASK, read // 128, tag), (seed & MASK, seed >> 32))
        bit = read % 128
        u = u << 1 | (words[bit // 32] >> (bit % 32) & 1)
    return u


def bitwise_spin(beta, field, spin, u, rule="heat-bath"):
    """The new spin of the bit-sliced kernel; u from :func:`bitwise_uniform`."""
    favoured = 1 if field >= 0 else -1
    work = min(2 * beta * abs(field), 700.0) if field else 0.0
    if rule == "heat-bath":
        against = u < math.floor(2**32 / (1 + math.exp(work)) + 0.5)
    else:
        against = spin == favoured and u < min(math.floor(2**32 / math.exp(work) + 0.5), MASK)
    return -favoured if against else favoured


def anneal_bits(model, betas, read, seed, rule="heat-bath"):
    """Final spins and lowest end-of-sweep energy of one read of the bit-sliced kernel."""
    n = model.num_spins
    s = start_spins(n, read, seed)
    lowest = model.energy(s)
    for sweep, beta in enumerate(betas):
        for i in range(n):
            u = bitwise_uniform(seed, i, sweep, read)
            s[i] = bitwise_spin(beta, model.field(s)[i], s[i], u, rule)
        lowest = min(lowest, model.energy(s))
    return s, lowest


def start_spins(n, read, seed):
    """Fair coins: the top bit of each site's word."""
    return np.array([1 - 2 * (word(seed, i, 0, read, "start") >> 31) for i in range(n)])


def anneal_read(h, J, betas, read, seed, rule="heat-bath", order="sequential", spins=None):
    """Final spins and lowest end-of-sweep energy of one read; J dense, our sign."""
    n = len(h)
    s = start_spins(n, read, seed) if spins is None else np.array(spins)
    lowest = energy(h, J, s)
    for sweep, beta in enumerate(betas):
        for slot in range(n):
            i = slot
            if order == "random":
                i = word(seed, slot, sweep, read, "order") * n >> 32
            u = (word(seed, slot, sweep, read, "update") + 0.5) / 2**32
            s[i] = new_spin(beta, J[i] @ s + h[i], s[i], u, rule)
        lowest = min(lowest, energy(h, J, s))
    return s, lowest


def new_spin(beta, field, spin, u, rule):
    """The p-bit: sgn(tanh(beta I) - r) with r = 2u - 1; or Metropolis."""
    if rule == "heat-bath":
        return 1 if math.tanh(beta * field) > 2 * u - 1 else -1
    cost = 2 * beta * spin * field
    return -spin if cost <= 0 or u <= math.exp(-cost) else spin


def energy(h, J, s):
    """E = -s J s / 2 - h s."""
    return -0.5 * s @ J @ s - h @ s


def thermal_normals(seed, step, magnet):
    """The three normal numbers of a macrospin's thermal field: Box and Muller in float64."""
    a, b, c, d = (word(seed, slot, step, magnet, "thermal") for slot in range(4))
    x, y = box_muller(a, b)
    return x, y, box_muller(c, d)[0]


def box_muller(a, b):
    """Two normal numbers of two words: bits 0 to 2 of the second choose the eighth."""
    r = math.sqrt(-2 * math.log((a + 0.5) / 2**32))
    angle = (b - (b >> 31 << 32)) * math.pi / 4 / 2**31
    first, second = math.cos(angle), math.sin(angle)
    if b & 4:
        first, second = second, first
    return r * first * (1 - 2 * (b & 1)), r * second * (1 - (b & 2))


def llgs_slope(m, H, p, *, alpha, gamma, a, b):
    """dm/dt of the explicit Landau-Lifshitz-Gilbert-Slonczewski equation."""
    cross = np.cross
    mxH, mxp = cross(m, H), cross(m, p)
    torque = mxH + alpha * cross(m, mxH)
    torque = torque + a * (cross(m, mxp) - alpha * mxp) + b * (mxp + alpha * cross(m, mxp))
    return -gamma / (1 + alpha**2) * torque


def llgs_heun(m, slope, normals, dt):
    """Directions after each of Heun's steps; ``slope(m, normal)``, one row of normals a step."""
    path = []
    for normal in normals:
        first = slope(m, normal)
        second = slope(m + dt * first, normal)
        m = m + dt / 2 * (first + second)
        m = m / math.sqrt(m @ m)
        path.append(m)
    return np.array(path)


class AxialLaw:
    """Fokker-Planck equation of m_z of a perpendicular magnet under collinear current:
    dp/dt = d/dm [(1 - m^2) (dp/dm - D (2 m + 2 i) p)] / (2 tau), tau the free relaxation time.

    Finite volumes with the rates of Scharfetter and Gummel: cells obey detailed balance with
    exp[D (m^2 + 2 i m)] exactly.
    """

    def __init__(self, barrier, current, cells=4000):
        self.m = (np.arange(cells) + 0.5) * 2 / cells - 1
        self.potential = -barrier * (self.m**2 + 2 * current * self.m)
        faces, h = (self.m[1:] + self.m[:-1]) / 2, 2 / cells
        rise = np.diff(self.potential)
        self.up, self.down = (
            (1 - faces**2) / (2 * h * h) * np.where(x == 0, 1.0, x / np.expm1(np.where(x, x, 1)))
            for x in (rise, -rise)
        )

    def stationary(self, where=None):
        """Law of the cells, or of those where ``where(m)``."""
        weights = np.exp(self.potential.min() - self.potential)
        weights = weights if where is None else weights * where(self.m)
        return weights / weights.sum()

    def after(self, time, start, steps=1000):
        """Law of the cells after a time in units of tau, from the law ``start`` (Crank-Nicolson
        after four half steps of Euler backwards, which damp what is rough)."""
        from scipy.linalg import solve_banded

        p, dt = np.asarray(start), time / steps
        out = np.append(self.up, 0) + np.append(0, self.down)
        bands = np.array([np.append(0, self.down), -out, np.append(self.up, 0)])

        def implicit(p, dt):
            return solve_banded((1, 1), np.array([[0], [1], [0]]) - dt * bands, p)

        for _ in range(4):
            p = implicit(p, dt / 2)
        for _ in range(steps - 2):
            change = -out * p
            change[1:] += self.up * p[:-1]
            change[:-1] += self.down * p[1:]
            p = implicit(p + dt / 2 * change, dt / 2)
        return p


def product_cost_read(product, widths, programme, read, seed):
    """X and Y of one read of the network (XY - F)^2, by Python integers; it stays at XY = F."""
    words = [word(seed, slot, 0, read, "start") for slot in range(4)]
    numbers = []
    for side, width in enumerate(widths):
        drawn = words[2 * side + 1] << 32 | words[2 * side]
        numbers.append(drawn & ((1 << width - 1) - 2) | 1 << width - 1 | 1)
    for slot, (side, bit, beta) in enumerate(
        zip(*(column.tolist() for column in programme), strict=True)
    ):
        if numbers[0] * numbers[1] == product:
            break
        up, down = numbers[side] | 1 << bit, numbers[side] & ~(1 << bit)
        costs = [(number * numbers[1 - side] - product) ** 2 for number in (down, up)]
        u = (word(seed, slot, 0, read, "update") + 0.5) / 2**32
        numbers[side] = up if u < 1 / (1 + math.exp(clip(beta * (costs[1] - costs[0])))) else down
    return tuple(numbers)


def clip(x):
    """x within what exp takes."""
    return max(-700.0, min(700.0, x))
