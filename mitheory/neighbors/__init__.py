"""Information of continuous and mixed data from nearest neighbours."""
