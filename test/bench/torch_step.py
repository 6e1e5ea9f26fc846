"""Training steps of the benchmark's networks in PyTorch.

Started with a number of threads. Reads lines `run <model> <steps>`, answers each with the median
milliseconds of a step.
"""
import statistics
import sys
import time

import torch
from torch import nn

MODELS = {
    "mnist-cnn": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10)),
    "mnist-cnn-5x5": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 10)),
    "mnist-mlp": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 10)),
}
OPTIMIZERS = {
    "mnist-cnn": lambda p: torch.optim.Adam(p, 1e-3),
    "mnist-cnn-5x5": lambda p: torch.optim.SGD(p, 0.1),
    "mnist-mlp": lambda p: torch.optim.RMSprop(p, 1e-3, alpha=0.9),
}


def stepper(name):
    model = MODELS[name]()
    optimizer = OPTIMIZERS[name](model.parameters())
    criterion = nn.CrossEntropyLoss()
    # Bright pixels in the middle, a constant background around, like a digit.
    x = torch.zeros(128, 1, 28, 28)
    x[:, :, 6:22, 6:22] = torch.rand(128, 1, 16, 16)
    y = torch.arange(128) % 10

    def step():
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


torch.set_num_threads(int(sys.argv[1]))
steppers = {}
print(torch.__version__, flush=True)
for line in sys.stdin:
    _, name, steps = line.split()
    if name not in steppers:
        steppers[name] = stepper(name)
    step = steppers[name]
    for _ in range(2):
        step()
    times = []
    for _ in range(int(steps)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    print(statistics.median(times), flush=True)
