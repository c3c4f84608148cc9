"""An order that is not paid within three days gets a reminder."""

import dueline
import pytest
from dueline.testing import DevService

pytestmark = pytest.mark.asyncio


class Shop:
    def __init__(self, client: dueline.Client) -> None:
        self.client = client
        self.reminded: list[str] = []

    async def place(self, order: str) -> None:
        await self.client.schedule("reminders", order, id=order, in_=3 * 86_400)

    async def pay(self, order: str) -> None:
        await self.client.cancel("reminders", order)

    async def remind(self, job: dueline.Job) -> None:
        self.reminded.append(job.payload.decode())


async def test_unpaid_order_gets_a_reminder(dueline_dev: DevService) -> None:
    async with dueline_dev.connect() as client:
        shop = Shop(client)
        await shop.place("order-17")
        await dueline_dev.assert_scheduled("reminders", "order-17", in_="3d")

        async with dueline_dev.worker(client, "reminders", shop.remind):
            await dueline_dev.advance("2d")
            assert shop.reminded == []
            await dueline_dev.advance("1d")

        dueline_dev.assert_delivered("reminders", "order-17")
        assert shop.reminded == ["order-17"]


async def test_paid_order_gets_none(dueline_dev: DevService) -> None:
    async with dueline_dev.connect() as client:
        shop = Shop(client)
        async with dueline_dev.worker(client, "reminders", shop.remind):
            await shop.place("order-17")
            await dueline_dev.advance("2d")
            await shop.pay("order-17")
            await dueline_dev.assert_not_scheduled("reminders", "order-17")
            await dueline_dev.advance("30d")

        assert shop.reminded == []
