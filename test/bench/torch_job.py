"""mnist-mlp as a script that a PyTorch user would write: read, split, train, evaluate, save.

Usage: torch_job.py <folder of the IDX files> <file to save> <epochs> <threads>
"""
import gzip
import sys

import numpy as np
import torch
from torch import nn

folder, target, epochs, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(42)

images = np.frombuffer(gzip.open(f"{folder}/images.idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 784)
labels = np.frombuffer(gzip.open(f"{folder}/labels.idx1-ubyte.gz").read(), np.uint8, offset=8)
order = torch.randperm(len(labels))
x = torch.from_numpy(images.copy())[order].float() / 255
y = torch.from_numpy(labels.copy())[order].long()
x_train, y_train, x_test, y_test = x[:7000], y[:7000], x[7000:], y[7000:]

model = nn.Sequential(
    nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 10))
optimizer = torch.optim.RMSprop(model.parameters(), 1e-3, alpha=0.9)
criterion = nn.CrossEntropyLoss()
for _ in range(epochs):
    model.train()
    for batch in torch.randperm(len(y_train)).split(128):
        optimizer.zero_grad()
        criterion(model(x_train[batch]), y_train[batch]).backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    accuracy = (model(x_test).argmax(1) == y_test).float().mean().item()
torch.save(model.state_dict(), target)
print(f"test accuracy {accuracy:.4f}")
