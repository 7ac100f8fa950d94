"""As replication.py, on subsets of image sets."""

from replication import caption, forest

TITLE = "Losses against cross entropy on subsets of MNIST, Fashion-MNIST and CIFAR-10"
STUDIES = ("milc_images",)


def draw(milc_images):
    return forest({"": milc_images}), caption(milc_images)
