"""mnist-cnn in PyTorch's float64 (and float32), with the choices of its pooling windows and relus given or its own.

Reads JSON lines, answers each with one. Arrays come as raw files in a folder: x, y, mask0, mask1, w0 .. w7.
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(2)
N = 128
KINDS = [(3, 3, 1, 32), (32,), (3, 3, 32, 64), (64,), (9216, 128), (128,), (128, 10), (10,)]
SITES = {"relu1": (N, 26, 26, 32), "pool": (N, 12, 12, 64), "relu2": (N, 12, 12, 64), "relu3": (N, 128)}


def read(folder, name, kind, shape):
    return torch.from_numpy(np.fromfile(f"{folder}/{name}", kind).reshape(shape))


def batch(folder, dtype, prefix=""):
    return {
        "x": read(folder, prefix + "x", np.float32, (N, 28, 28, 1)).to(dtype).permute(0, 3, 1, 2),
        "y": read(folder, prefix + "y", np.int32, (N,)).long(),
        "mask0": read(folder, prefix + "mask0", np.float32, (N, 12, 12, 64)).to(dtype).permute(0, 3, 1, 2),
        "mask1": read(folder, prefix + "mask1", np.float32, (N, 128)).to(dtype),
    }


def weights(folder, dtype):
    return [read(folder, f"w{i}", np.float32, shape).to(dtype) for i, shape in enumerate(KINDS)]


def windows(a):  # [n, c, 24, 24] -> [n, c, 12, 12, 4], in row-major order
    return F.unfold(a.reshape(-1, 1, 24, 24), 2, stride=2).reshape(*a.shape[:2], 4, 12, 12).permute(0, 1, 3, 4, 2)


def first_maximum(w):
    best, place = w[..., 0], torch.zeros(w.shape[:-1], dtype=torch.long)
    for k in range(1, 4):
        larger = w[..., k] > best
        best, place = torch.where(larger, w[..., k], best), torch.where(larger, k, place)
    return place


def forward(data, w, given=None):
    """Loss, and the sites of choice with the numbers that were chosen by."""
    c1, b1, c2, b2, d1, e1, d2, e2 = w
    a1 = F.conv2d(data["x"], c1.permute(3, 2, 0, 1), b1)
    relu1 = given["relu1"] if given else a1 > 0
    a2 = windows(F.conv2d(a1 * relu1, c2.permute(3, 2, 0, 1), b2))
    pool = given["pool"] if given else first_maximum(a2)
    p = a2.gather(-1, pool.unsqueeze(-1)).squeeze(-1)
    relu2 = given["relu2"] if given else p > 0
    flat = (p * relu2 * data["mask0"]).permute(0, 2, 3, 1).reshape(N, -1)
    a3 = flat @ d1 + e1
    relu3 = given["relu3"] if given else a3 > 0
    loss = F.cross_entropy((a3 * relu3 * data["mask1"]) @ d2 + e2, data["y"])
    return loss, {"relu1": relu1, "pool": pool, "relu2": relu2, "relu3": relu3}, {"relu1": a1, "pool": a2, "relu2": p, "relu3": a3}


def usual(data, w):
    """The same network as a user writes it."""
    c1, b1, c2, b2, d1, e1, d2, e2 = w
    h = F.relu(F.conv2d(F.relu(F.conv2d(data["x"], c1.permute(3, 2, 0, 1), b1)), c2.permute(3, 2, 0, 1), b2))
    h = (F.max_pool2d(h, 2) * data["mask0"]).permute(0, 2, 3, 1).reshape(N, -1)
    return F.cross_entropy((F.relu(h @ d1 + e1) * data["mask1"]) @ d2 + e2, data["y"])


def gradient(run, folder, dtype):
    w = [v.requires_grad_() for v in weights(folder, dtype)]
    loss, *rest = run(batch(folder, dtype), w)
    return [g.double() for g in torch.autograd.grad(loss, w)], rest


def choices(folder, layout):
    given = {name: read(folder, f"{layout}.{name}", np.uint8, shape) for name, shape in SITES.items()}
    given = {name: v.permute(0, 3, 1, 2) if v.dim() == 4 else v for name, v in given.items()}
    return {name: v.long() if name == "pool" else v.bool() for name, v in given.items()}


def apart(a, b):
    """Largest difference in any tensor, relative to the largest number of that tensor."""
    return max(((p - q).abs().max() / q.abs().max()).item() for p, q in zip(a, b))


def against_float64(folder):
    own, (chosen, values) = gradient(forward, folder, torch.float64)
    answer = {}
    for layout in ["portable", "fast"]:
        got = [read(folder, f"{layout}.g{i}", np.float32, shape).double() for i, shape in enumerate(KINDS)]
        given = choices(folder, layout)
        exact, _ = gradient(lambda data, w: forward(data, w, given), folder, torch.float64)
        gaps, count = [0.0], 0
        for name in SITES:
            other = given[name] != chosen[name]
            if name == "pool":  # an exact tie is no choice
                pair = [values[name].gather(-1, c[name].unsqueeze(-1)).squeeze(-1) for c in (chosen, given)]
                gap = (pair[0] - pair[1]).abs()
                other &= gap > 0
            else:
                gap = values[name].abs()
            count += int(other.sum())
            gaps += (gap[other] / values[name].abs().max()).tolist()
        answer[layout] = {"error": apart(got, exact), "plain": apart(got, own), "others": count, "gap": max(gaps)}
    torch32, _ = gradient(lambda data, w: (usual(data, w),), folder, torch.float32)
    answer["torch"] = {"plain": apart(torch32, own)}
    return answer


def curve(folder, dtype, steps):
    """Losses of Adam's first steps in Keras' form, as catalog/optimizers/adam.ts has it."""
    w = [v.requires_grad_() for v in weights(folder, dtype)]
    m, v = [torch.zeros_like(p) for p in w], [torch.zeros_like(p) for p in w]
    losses = []
    for t in range(1, steps + 1):
        loss = usual(batch(folder, dtype, f"{t - 1}."), w)
        losses.append(loss.item())
        with torch.no_grad():
            for i, g in enumerate(torch.autograd.grad(loss, w)):
                m[i].mul_(0.9).add_(g, alpha=0.1)
                v[i].mul_(0.999).addcmul_(g, g, value=0.001)
                w[i].sub_(1e-3 * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t) * m[i] / (v[i].sqrt() + 1e-7))
    return losses


for line in sys.stdin:
    ask = json.loads(line)
    if ask["what"] == "gradient":
        answer = against_float64(ask["folder"])
    else:
        answer = curve(ask["folder"], getattr(torch, ask["dtype"]), ask["steps"])
    print(json.dumps(answer), flush=True)
