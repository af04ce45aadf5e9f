import type { Anvil } from './anvil.ts'

/**
 * Deploys a small ERC-20 token from the first account of anvil, which gets 10^24 of it. Returns its address. The code is
 * written by hand in the instructions below, because a compiler is large.
 *
 * The balance of an address is in the storage slot with its number. `transfer` reverts with `Error("too little")`.
 *
 *     constructor  10^24 CALLER SSTORE, then returns the rest
 *     dispatch     0 CALLDATALOAD e0 SHR; DUP1 a9059cbb EQ transfer JUMPI; DUP1 70a08231 EQ balance JUMPI; 0 0 REVERT
 *     balance      4 CALLDATALOAD SLOAD 0 MSTORE 20 0 RETURN
 *     transfer     24 CALLDATALOAD CALLER SLOAD LT poor JUMPI
 *                  24 CALLDATALOAD CALLER SLOAD SUB CALLER SSTORE
 *                  24 CALLDATALOAD 4 CALLDATALOAD SLOAD ADD 4 CALLDATALOAD SSTORE
 *                  24 CALLDATALOAD 0 MSTORE; 4 CALLDATALOAD CALLER Transfer 20 0 LOG3; 1 0 MSTORE 20 0 RETURN
 *     poor         08c379a0 e0 SHL 0 MSTORE 20 4 MSTORE a 24 MSTORE "too little" 44 MSTORE 64 0 REVERT
 */
export async function deployToken({ ask }: Anvil): Promise<string> {
  const [from] = (await ask('eth_accounts')) as readonly string[]
  const id = await ask('eth_sendTransaction', { from, data: code })
  for (let tries = 0; tries < 50; tries++) {
    const receipt = (await ask('eth_getTransactionReceipt', id)) as { contractAddress: string } | null
    if (receipt) return receipt.contractAddress
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('anvil made no block')
}

const code =
  '0x69d3c21bcecceda100000033556100c661001c6000396100c66000f360003560e01c8063a9059cbb1461002e57806370a08231146100215760006000fd5b6004355460005260206000f35b602435335410610087576024353354033355602435600435540160043555602435600052600435337fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60206000a3600160005260206000f35b6308c379a060e01b6000526020600452600a6024527f746f6f206c6974746c650000000000000000000000000000000000000000000060445260646000fd'
