"""The least that holds the same facts: an item of an owner, what it answers to a form, and its sheets."""

from django.db import models


class Owner(models.Model):
    name = models.CharField(max_length=160)
    country = models.CharField(max_length=2)


class Item(models.Model):
    owner = models.ForeignKey(Owner, models.CASCADE)
    number = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    one_line = models.CharField(max_length=200)
    state = models.CharField(max_length=12)
    score = models.FloatField(db_index=True)
    version = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "number"])]


class Sheet(models.Model):
    item = models.ForeignKey(Item, models.CASCADE, related_name="sheets")
    juror = models.CharField(max_length=80)
    total = models.FloatField()
    comment = models.TextField()


class Question(models.Model):
    """A question of the form of that number; its kind says how it is answered."""

    form = models.IntegerField(default=1)
    section = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, default="long")


class Answer(models.Model):
    item = models.ForeignKey(Item, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "question"], name="floor_one_answer")]
