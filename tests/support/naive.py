"""Slow and obvious versions of the kernels: plain Python, float64, one update at a time."""

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


def philox4x32(counter, key, rounds=10):
    """Philox4x32 as printed in Salmon et al. (2011), on Python integers."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(rounds):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def word(seed, slot, sweep, read, purpose):
    """The 32-bit word of stream layout 1."""
    tag = PURPOSE[purpose] << 28 | (sweep >> 32 & 0xFFF) << 16
    counter = (slot // 4, sweep & MASK, read, tag)
    return philox4x32(counter, (seed & MASK, seed >> 32))[slot % 4]


def bitwise_uniform(seed, site, sweep, read):
    """The 32-bit number whose bits, from the top, the bit-sliced kernel draws for a read."""
    u = 0
    for draw in range(32):
        tag = PURPOSE["bits"] << 28 | (sweep >> 32 & 0xFFF) << 16 | draw
        words = philox4x32((site, sweep & MASK, read // 128, tag), (seed & MASK, seed >> 32))
        bit = read % 128
        u = u << 1 | (words[bit // 32] >> (bit % 32) & 1)
    return u


def anneal_bits(h, J, betas, read, seed):
    """Final spins and lowest end-of-sweep energy of one read of the bit-sliced kernel."""
    n = len(h)
    s = start_spins(n, read, seed)
    lowest = energy(h, J, s)
    for sweep, beta in enumerate(betas):
        for i in range(n):
            field = J[i] @ s + h[i]
            favoured = 1 if field >= 0 else -1
            work = 2 * beta * abs(field) if field else 0.0
            threshold = math.floor(2**32 / (1 + math.exp(min(work, 700.0))) + 0.5)
            against = bitwise_uniform(seed, i, sweep, read) < threshold
            s[i] = -favoured if against else favoured
        lowest = min(lowest, energy(h, J, s))
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
